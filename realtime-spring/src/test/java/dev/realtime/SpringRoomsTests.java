package dev.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.realtime.handler.RealtimeHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Architecture of this module: its rooms, their arrows and their size. */
class SpringRoomsTests {

    private static final int MAX_FILES = 25;

    private static final int MAX_CYCLE = 6;

    private static final JavaClasses MODULE = new ClassFileImporter()
            .importUrl(
                    RealtimeHandler.class.getProtectionDomain().getCodeSource().getLocation());

    /** The rooms, lowest first. Each may use the core, and those rooms of this module that it names. */
    private enum Room {
        HANDLER("handler", true),
        DECLARATION("handler.declaration", false, HANDLER),
        ARGUMENT("handler.argument", false, HANDLER, DECLARATION),
        INVOCATION("handler.invocation", false, HANDLER, DECLARATION, ARGUMENT),
        SECURITY("handler.security", false, DECLARATION, ARGUMENT, INVOCATION),
        DISCOVERY("handler.discovery", false, HANDLER, DECLARATION, ARGUMENT, INVOCATION),
        HOOK("handler.hook", false, HANDLER, DECLARATION, ARGUMENT, INVOCATION, SECURITY, DISCOVERY),
        OBSERVATION("observation", true, HANDLER, DECLARATION, ARGUMENT, INVOCATION),
        EVENT("event", true),
        TEMPLATE("template", true),
        TRANSACTION("transaction", false),
        WEB("web", false),
        HTTP_API_FIELD("httpapi.field", false),
        HTTP_API_COMMAND("httpapi.command", false, HTTP_API_FIELD),
        HTTP_API("httpapi", false, HTTP_API_FIELD, HTTP_API_COMMAND),
        WEB_STREAM("web.stream", false);

        private final String packageName;

        private final boolean forApplications;

        private final List<Room> uses;

        Room(String name, boolean forApplications, Room... uses) {
            this.packageName = "dev.realtime." + name;
            this.forApplications = forApplications;
            this.uses = List.of(uses);
        }

        private boolean mayUse(JavaClass type) {
            String name = type.getPackageName();
            return name.equals(packageName)
                    || uses.stream().anyMatch(room -> room.packageName.equals(name))
                    || Arrays.stream(values()).noneMatch(room -> room.packageName.equals(name));
        }
    }

    @ParameterizedTest
    @EnumSource
    void roomUsesOnlyTheRoomsItNames(Room room) {
        classes()
                .that()
                .resideInAPackage(room.packageName)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.describe("are in the rooms it names", room::mayUse))
                .check(MODULE);
    }

    @Test
    void everyClassIsInARoom() {
        String[] rooms =
                Arrays.stream(Room.values()).map(room -> room.packageName).toArray(String[]::new);

        classes().should().resideInAnyPackage(rooms).check(MODULE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.realtime.(**)").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void roomHoldsFewFiles() {
        assertThat(Rooms.filesByPackage(MODULE))
                .allSatisfy((room, files) -> assertThat(files).as(room).hasSizeLessThanOrEqualTo(MAX_FILES));
    }

    /** A sealed type and the types that it permits count as one: the language requires both references. */
    @Test
    void filesOfARoomHaveNoLargeCycles() {
        assertThat(Rooms.familyCycles(MODULE))
                .allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(MAX_CYCLE));
    }

    /** The published Javadoc leaves the same packages out. */
    @ParameterizedTest
    @EnumSource
    void packageThatIsNotForApplicationsSaysSo(Room room) throws IOException {
        String source =
                Files.readString(Path.of("src/main/java", room.packageName.replace('.', '/'), "package-info.java"));

        assertThat(source.contains("Internal: ")).isEqualTo(!room.forApplications);
    }
}
