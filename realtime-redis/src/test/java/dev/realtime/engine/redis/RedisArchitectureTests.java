package dev.realtime.engine.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.realtime.Rooms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
        assertThat(Rooms.filesByPackage(CLASSES).get(ENGINE)).containsExactly(ENGINE + ".RedisEngine");
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ENGINE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void roomsHaveFewFiles() {
        assertThat(Rooms.filesByPackage(CLASSES))
                .allSatisfy((room, files) -> assertThat(files).as(room).hasSizeLessThanOrEqualTo(MOST_FILES_IN_A_ROOM));
    }

    @Test
    void filesOfARoomHaveNoLargeCycles() {
        assertThat(Rooms.fileCycles(CLASSES))
                .allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(MOST_FILES_IN_A_CYCLE));
    }
}
