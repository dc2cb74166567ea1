package dev.realtime.autoconfigure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.realtime.engine.redis.start.RedisStartException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dependencies between the rooms above the core. */
class UpperRoomsTests {

    private static final JavaClasses ROOMS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The test classes of the core and of the Redis engine, which are jars of their own.
            .withImportOption(location -> !location.contains("-fixtures-"))
            .importPackages("dev.realtime");

    private static final String[] STACKS = {"dev.realtime.webflux..", "dev.realtime.webmvc.."};

    @Test
    void nobodyKnowsTheAutoConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.realtime.autoconfigure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.autoconfigure..")
                .because("it is the only room that knows everyone")
                .check(ROOMS);
    }

    @Test
    void transportAndActuatorDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(STACKS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.actuate..")
                .check(ROOMS);
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.actuate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STACKS)
                .check(ROOMS);
    }

    @Test
    void transportAndActuatorKnowNoEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.realtime.webflux..", "dev.realtime.webmvc..", "dev.realtime.actuate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realtime.engine.memory..", "dev.realtime.engine.redis..")
                .because("engines are chosen by configuration")
                .check(ROOMS);
    }

    /** Classes of its other rooms are public for each other. */
    @Test
    void redisEngineIsKnownByItsPublicRoomsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.realtime.engine.redis..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.realtime.engine.redis..")
                        .and(not(resideInAnyPackage(
                                "dev.realtime.engine.redis",
                                "dev.realtime.engine.redis.options",
                                "dev.realtime.engine.redis.monitor")))
                        .and(not(type(RedisStartException.class))))
                .check(ROOMS);
    }

    @Test
    void transportKnowsNeitherBootNorActuator() {
        noClasses()
                .that()
                .resideInAnyPackage(STACKS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot..")
                .because("it works in any application with the web stack")
                .check(ROOMS);
    }

    @Test
    void webStacksDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.webmvc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realtime.webflux..", "org.springframework.web.reactive..", "reactor.netty..")
                .check(ROOMS);
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.webflux..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realtime.webmvc..", "org.springframework.web.servlet..")
                .check(ROOMS);
    }

    @Test
    void whatApplicationsWriteKnowsNeitherBootNorTransports() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.realtime.handler..",
                        "dev.realtime.event..",
                        "dev.realtime.observation..",
                        "dev.realtime.transaction..",
                        "dev.realtime.httpapi..",
                        "dev.realtime.web.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.boot..",
                        "org.springframework.web..",
                        "org.springframework.http..",
                        "dev.realtime.webflux..",
                        "dev.realtime.webmvc..",
                        "dev.realtime.actuate..",
                        "dev.realtime.engine.memory..",
                        "dev.realtime.engine.redis..")
                .because("they work whatever carries the frames")
                .check(ROOMS);
    }

    @Test
    void noPackageIsInTwoModules() {
        Map<String, Set<String>> modules = ROOMS.stream()
                .collect(groupingBy(JavaClass::getPackageName, mapping(UpperRoomsTests::module, toSet())));

        assertThat(modules).allSatisfy((name, places) -> assertThat(places).hasSize(1));
        assertThat(modules)
                .containsKeys(
                        "dev.realtime.api", "dev.realtime.handler", "dev.realtime.webflux", "dev.realtime.webmvc");
    }

    /** The class path entry that a class comes from. */
    private static String module(JavaClass room) {
        String place = room.getSource().orElseThrow().getUri().toString();
        return place.substring(0, place.length() - room.getName().length() - ".class".length());
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.realtime.(**)").should().beFreeOfCycles().check(ROOMS);
    }
}
