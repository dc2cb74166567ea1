package dev.realtime.autoconfigure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rooms above the core: who may know whom. */
class UpperRoomsTests {

    private static final JavaClasses ROOMS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The test classes of the core and of the Redis engine, which are jars of their own.
            .withImportOption(location -> !location.contains("-fixtures-"))
            .importPackages("dev.realtime");

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
                .resideInAPackage("dev.realtime.webflux..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.actuate..")
                .check(ROOMS);
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.actuate..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.webflux..")
                .check(ROOMS);
    }

    @Test
    void transportAndActuatorKnowNoEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.realtime.webflux..", "dev.realtime.actuate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realtime.engine.memory..", "dev.realtime.engine.redis..")
                .because("engines are chosen by configuration")
                .check(ROOMS);
    }

    @Test
    void transportKnowsNeitherBootNorActuator() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.webflux..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot..")
                .because("it works in any WebFlux application")
                .check(ROOMS);
    }

    @Test
    void handlersEventsAndTransactionsKnowNeitherBootNorTransports() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.realtime.handler..", "dev.realtime.event..", "dev.realtime.transaction..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.boot..",
                        "org.springframework.web..",
                        "dev.realtime.webflux..",
                        "dev.realtime.actuate..",
                        "dev.realtime.engine.memory..",
                        "dev.realtime.engine.redis..")
                .because("they work whatever carries the frames")
                .check(ROOMS);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.realtime.(**)").should().beFreeOfCycles().check(ROOMS);
    }
}
