package dev.realtime.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Architecture of this module: its rooms and their arrows. */
class ArchitectureTests {

    private static final JavaClasses ROOMS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.realtime.test");

    @Test
    void codecsShareNoCodeWithThoseOfTheServer() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.test..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realtime.protocol.json..", "dev.realtime.protocol.protobuf..")
                .because("a mistake of both sides would not be seen")
                .check(ROOMS);
    }

    @Test
    void nobodyKnowsTheAutoConfigurations() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.realtime.test.autoconfigure..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.realtime.autoconfigure..", "dev.realtime.test.autoconfigure..")
                .check(ROOMS);
    }

    @Test
    void applicationsMayLackAWebStackAndRedis() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.test..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.realtime.webflux..",
                        "dev.realtime.webmvc..",
                        "dev.realtime.engine.redis..",
                        "org.springframework.web..",
                        "org.springframework.http..")
                .check(ROOMS);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.realtime.(**)").should().beFreeOfCycles().check(ROOMS);
    }
}
