package dev.realtime.engine.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keeps the arrows between the rooms of the Redis engine, and each room small enough to be read. */
class RedisArchitectureTests {

    private static final String ENGINE = "dev.realtime.engine.redis";

    private static final int MOST_FILES_IN_A_ROOM = 25;

    private static final int MOST_FILES_IN_A_CYCLE = 6;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ENGINE);

    /** The rooms, lowest first. Each uses only rooms above it in this list, and of these only the ones it names. */
    private enum Room {
        FORMAT,
        DRIVER,
        KEY(FORMAT),
        OPTIONS(DRIVER),
        MONITOR(DRIVER, OPTIONS),
        GENERATION(DRIVER),
        CLUSTER(DRIVER, KEY),
        PUBSUB(DRIVER, KEY, OPTIONS, MONITOR, CLUSTER),
        CONNECTION(DRIVER, KEY, OPTIONS, MONITOR, GENERATION, CLUSTER, PUBSUB),
        SCRIPT(DRIVER, KEY, OPTIONS, MONITOR, CLUSTER, CONNECTION),
        STREAM(FORMAT, KEY, MONITOR, GENERATION, SCRIPT),
        PRESENCE(FORMAT, KEY, MONITOR, SCRIPT),
        OCCUPANCY(FORMAT, KEY, SCRIPT),
        START(DRIVER, KEY, OPTIONS, CONNECTION, SCRIPT),
        CONTROL(FORMAT, KEY, OPTIONS, MONITOR, PUBSUB, CONNECTION, SCRIPT),
        EPOCH(FORMAT, KEY, MONITOR, GENERATION, CONNECTION, SCRIPT, STREAM, CONTROL),
        BROKER(FORMAT, DRIVER, KEY, MONITOR, GENERATION, PUBSUB, CONNECTION, SCRIPT, STREAM, EPOCH);

        private final Set<Room> sees;

        Room(Room... sees) {
            this.sees = Set.of(sees);
        }

        private String packages() {
            return ENGINE + '.' + name().toLowerCase() + "..";
        }
    }

    @ParameterizedTest
    @EnumSource
    void roomSeesOnlyRoomsBelowIt(Room room) {
        List<String> forbidden = new ArrayList<>(List.of(ENGINE));
        Arrays.stream(Room.values())
                .filter(other -> other != room && !room.sees.contains(other))
                .forEach(other -> forbidden.add(other.packages()));

        noClasses()
                .that()
                .resideInAPackage(room.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void everyClassButTheEngineIsInARoom() {
        String[] rooms = Arrays.stream(Room.values()).map(Room::packages).toArray(String[]::new);

        classes()
                .that()
                .resideOutsideOfPackage(ENGINE)
                .should()
                .resideInAnyPackage(rooms)
                .check(CLASSES);
        assertThat(filesByRoom().get(ENGINE)).containsExactly(ENGINE + ".RedisEngine");
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ENGINE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void roomsHaveFewFiles() {
        assertThat(filesByRoom())
                .allSatisfy((room, files) -> assertThat(files).as(room).hasSizeLessThanOrEqualTo(MOST_FILES_IN_A_ROOM));
    }

    @Test
    void filesOfARoomHaveNoLargeCycles() {
        Map<String, Set<String>> uses = new HashMap<>();
        for (JavaClass type : CLASSES) {
            Set<String> used = uses.computeIfAbsent(file(type), unused -> new HashSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().equals(type.getPackageName()))
                    .forEach(target -> used.add(file(target)));
        }

        assertThat(new Cycles(uses).all())
                .allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(MOST_FILES_IN_A_CYCLE));
    }

    private static Map<String, Set<String>> filesByRoom() {
        return CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .filter(type -> type.getEnclosingClass().isEmpty())
                .collect(groupingBy(JavaClass::getPackageName, mapping(JavaClass::getName, toSet())));
    }

    /** Returns the name of the top-level class that a class is declared in. */
    private static String file(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost.getName();
    }

    /** Strongly connected components of a graph, by Tarjan's algorithm. */
    private static final class Cycles {

        private final Map<String, Set<String>> edges;

        private final Map<String, Integer> indexes = new HashMap<>();

        private final Map<String, Integer> lowest = new HashMap<>();

        private final Deque<String> path = new ArrayDeque<>();

        private final List<Set<String>> found = new ArrayList<>();

        Cycles(Map<String, Set<String>> edges) {
            this.edges = edges;
        }

        /** Returns all components; one without a cycle has a single element. */
        Collection<Set<String>> all() {
            for (String node : edges.keySet()) {
                if (!indexes.containsKey(node)) {
                    visit(node);
                }
            }
            return found;
        }

        private void visit(String node) {
            int index = indexes.size();
            indexes.put(node, index);
            lowest.put(node, index);
            path.push(node);
            for (String next : edges.getOrDefault(node, Set.of())) {
                if (!indexes.containsKey(next)) {
                    visit(next);
                    lowest.merge(node, lowest.get(next), Math::min);
                } else if (path.contains(next)) {
                    lowest.merge(node, indexes.get(next), Math::min);
                }
            }
            if (lowest.get(node) == index) {
                Set<String> component = new TreeSet<>();
                String last;
                do {
                    last = path.pop();
                    component.add(last);
                } while (!last.equals(node));
                found.add(component);
            }
        }
    }
}
