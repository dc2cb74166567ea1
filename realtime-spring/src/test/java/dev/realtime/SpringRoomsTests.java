package dev.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.realtime.handler.RealtimeHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        HTTP_API_FIELD("httpapi.field", false),
        HTTP_API_COMMAND("httpapi.command", false, HTTP_API_FIELD),
        HTTP_API("httpapi", false, HTTP_API_FIELD, HTTP_API_COMMAND);

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

        private List<JavaClass> types() {
            return MODULE.stream()
                    .filter(type -> type.getPackageName().equals(packageName))
                    .toList();
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

    @ParameterizedTest
    @EnumSource
    void roomHoldsFewFiles(Room room) {
        assertThat(room.types().stream().map(SpringRoomsTests::file).collect(toSet()))
                .hasSizeLessThanOrEqualTo(MAX_FILES);
    }

    /** A sealed type and the types that it permits count as one: the language requires both references. */
    @ParameterizedTest
    @EnumSource
    void filesOfARoomHaveNoLargeCycles(Room room) throws ClassNotFoundException {
        Map<String, String> sealedParents = sealedParents(room);
        Map<String, Set<String>> references = room.types().stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(reference -> reference.getTargetClass().getPackageName().equals(room.packageName))
                .collect(groupingBy(
                        reference -> node(sealedParents, reference.getOriginClass()),
                        mapping((Dependency reference) -> node(sealedParents, reference.getTargetClass()), toSet())));
        Map<String, Set<String>> reachable = new HashMap<>();
        references.keySet().forEach(file -> reachable.put(file, reachable(file, references)));

        assertThat(reachable)
                .allSatisfy((file, others) -> assertThat(others)
                        .filteredOn(
                                other -> reachable.getOrDefault(other, Set.of()).contains(file))
                        .hasSizeLessThanOrEqualTo(MAX_CYCLE));
    }

    private static Map<String, String> sealedParents(Room room) throws ClassNotFoundException {
        Map<String, String> parents = new HashMap<>();
        for (JavaClass type : room.types()) {
            Class<?>[] permitted = Class.forName(type.getName(), false, SpringRoomsTests.class.getClassLoader())
                    .getPermittedSubclasses();
            if (permitted != null) {
                Arrays.stream(permitted).forEach(one -> parents.put(one.getName(), type.getName()));
            }
        }
        return parents;
    }

    private static String node(Map<String, String> sealedParents, JavaClass type) {
        String file = file(type);
        return sealedParents.getOrDefault(file, file);
    }

    /** The top-level type that a type is written in. */
    private static String file(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static Set<String> reachable(String file, Map<String, Set<String>> references) {
        Set<String> reached = new HashSet<>();
        List<String> next = List.of(file);
        while (!next.isEmpty()) {
            next = next.stream()
                    .flatMap(one -> references.getOrDefault(one, Set.of()).stream())
                    .filter(reached::add)
                    .toList();
        }
        return reached;
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
