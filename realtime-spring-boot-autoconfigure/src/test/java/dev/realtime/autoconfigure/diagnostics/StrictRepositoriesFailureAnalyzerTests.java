package dev.realtime.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.CrudRepository;

/** What the starter does to repositories of an application that has another module of Spring Data, and its cure. */
class StrictRepositoriesFailureAnalyzerTests {

    record Role(@Id Long id, String name) {}

    @Table
    record Team(@Id Long id, String name) {}

    interface RoleRepository extends CrudRepository<Role, Long> {}

    interface TeamRepository extends CrudRepository<Team, Long> {}

    interface SomethingElse {}

    record Roles(RoleRepository repository) {}

    record Others(SomethingElse other) {}

    @Configuration(proxyBeanMethods = false)
    @EnableJdbcRepositories(considerNestedRepositories = true)
    static class Repositories {}

    @Test
    void repositoryOfAnEntityWithoutAnAnnotationIsMissingAndTheOtherIsThere() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Repositories.class);
            // Their beans are not made, only found: there is no database.
            context.addBeanFactoryPostProcessor(beans -> {
                assertThat(beans.getBeanNamesForType(RoleRepository.class, true, false))
                        .isEmpty();
                assertThat(beans.getBeanNamesForType(TeamRepository.class, true, false))
                        .hasSize(1);
                for (String name : beans.getBeanDefinitionNames()) {
                    beans.getBeanDefinition(name).setLazyInit(true);
                }
            });
            context.refresh();
        }
    }

    @Test
    void missingRepositoryIsExplained() {
        new ApplicationContextRunner().withBean(Roles.class).run(context -> {
            FailureAnalysis analysis = analyze(context.getStartupFailure());

            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription())
                    .isEqualTo(
                            ("No bean of the repository `%s` was made. The realtime starter brings Spring Data Redis,"
                                            + " and where there are several modules Spring Data takes `Role` for an"
                                            + " entity of a store only if an annotation says so.")
                                    .formatted(RoleRepository.class.getName()));
            assertThat(analysis.getAction()).startsWith("Annotate `Role` with `@Table` (relational), `@Document`");
        });
    }

    @Test
    void otherMissingBeanIsLeftToSpringBoot() {
        new ApplicationContextRunner()
                .withBean(Others.class)
                .run(context -> assertThat(analyze(context.getStartupFailure())).isNull());
    }

    @Test
    void itIsAskedBeforeTheAnalyzersOfSpringBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(
                                FailureAnalyzer.class,
                                SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {})))
                .first()
                .isInstanceOf(StrictRepositoriesFailureAnalyzer.class);
    }

    private static FailureAnalysis analyze(Throwable failure) {
        return new StrictRepositoriesFailureAnalyzer().analyze(failure);
    }
}
