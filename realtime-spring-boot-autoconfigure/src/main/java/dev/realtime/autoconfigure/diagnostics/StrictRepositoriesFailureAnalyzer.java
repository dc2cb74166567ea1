package dev.realtime.autoconfigure.diagnostics;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Analyzer for a missing repository of the application: the starter brings Spring Data Redis, and with several modules
 * Spring Data uses an entity only if an annotation names its store.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StrictRepositoriesFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    private static final String REPOSITORY = "org.springframework.data.repository.Repository";

    /** Type that each module of Spring Data registers, and that Spring Data counts too. */
    private static final String MODULE = "org.springframework.data.repository.core.support.RepositoryFactorySupport";

    private static final String REDIS = "org.springframework.data.redis.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType missing = cause.getResolvableType();
        Class<?> repository = missing == null ? null : missing.resolve();
        if (repository == null || !repository.isInterface() || !isCrowded(repository.getClassLoader())) {
            return null;
        }
        Class<?> marker = ClassUtils.resolveClassName(REPOSITORY, repository.getClassLoader());
        if (!marker.isAssignableFrom(repository)) {
            return null;
        }
        Class<?> entity =
                ResolvableType.forClass(repository).as(marker).getGeneric(0).resolve(Object.class);
        return new FailureAnalysis(
                ("No bean of the repository `%s` was made. The realtime starter brings Spring Data "
                                + "Redis, and where there"
                                + " are several modules Spring Data takes `%s` for an entity of a store only if an"
                                + " annotation says so.")
                        .formatted(repository.getName(), entity.getSimpleName()),
                ("Annotate `%s` with `@Table` (relational), `@Document` (MongoDB) or the annotation of its store. Where"
                                + " the Redis engine is not used, excluding org.springframework.data:spring-data-redis"
                                + " from the realtime starter helps as well.")
                        .formatted(entity.getSimpleName()),
                rootFailure);
    }

    private static boolean isCrowded(@Nullable ClassLoader classes) {
        if (!ClassUtils.isPresent(MODULE, classes)) {
            return false;
        }
        Set<String> modules = modules(classes);
        return modules.size() > 1 && modules.stream().anyMatch(module -> module.startsWith(REDIS));
    }

    private static Set<String> modules(@Nullable ClassLoader classes) {
        Set<String> modules = new HashSet<>();
        try {
            for (Resource factories : new PathMatchingResourcePatternResolver(classes)
                    .getResources("classpath*:" + SpringFactoriesLoader.FACTORIES_RESOURCE_LOCATION)) {
                String names = PropertiesLoaderUtils.loadProperties(factories).getProperty(MODULE, "");
                modules.addAll(StringUtils.commaDelimitedListToSet(StringUtils.trimAllWhitespace(names)));
            }
        } catch (IOException unreadable) {
            // Without them there is nothing to explain.
            return Set.of();
        }
        return modules;
    }
}
