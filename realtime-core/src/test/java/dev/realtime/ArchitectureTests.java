package dev.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.realtime.api.CheckReturnValue;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;

/** Keeps the arrows between the rooms of this module: each uses only rooms below it, and the libraries it needs. */
class ArchitectureTests {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.realtime");

    /** Libraries a room may need beside the JDK and nullness annotations. Of Netty never channels and handlers. */
    private enum Library {
        LOGGING("org.slf4j.."),
        REACTOR("reactor.core..", "reactor.util.context..", "org.reactivestreams.."),
        NETTY("io.netty.util..", "io.netty.buffer.."),
        JOSE("com.nimbusds.jose..");

        private final List<String> packages;

        Library(String... packages) {
            this.packages = List.of(packages);
        }
    }

    /** The rooms, lowest first. */
    private enum Room {
        JSON("json", List.of(), List.of()),
        API_DATA("api.data", List.of(JSON), List.of()),
        API_CLIENT("api.client", List.of(API_DATA), List.of()),
        API_CHANNEL("api.channel", List.of(API_DATA), List.of()),
        API("api", List.of(API_DATA, API_CLIENT, API_CHANNEL), List.of(Library.REACTOR)),
        SPI_ENGINE("spi.engine", List.of(API_DATA, API_CLIENT, API_CHANNEL, API), List.of(Library.REACTOR)),
        SPI_AUTH("spi.auth", List.of(API_DATA, API_CLIENT, API_CHANNEL), List.of(Library.REACTOR, Library.LOGGING)),
        SPI_HOOK("spi.hook", List.of(API_DATA, API_CLIENT, API_CHANNEL, API, SPI_AUTH), List.of(Library.REACTOR)),
        DELTA("delta", List.of(JSON, API_DATA, API_CLIENT), List.of()),
        PROTOCOL("protocol..", List.of(JSON, API_DATA, API_CLIENT), List.of()),
        SPI_TRANSPORT("spi.transport", List.of(JSON, API_CLIENT, API_DATA, PROTOCOL), List.of(Library.NETTY)),
        FAILURE("failure", List.of(), List.of(Library.LOGGING, Library.REACTOR, Library.NETTY)),
        CHANNEL("channel", List.of(API_DATA, API_CHANNEL, FAILURE), List.of(Library.LOGGING)),
        ENGINE_MEMORY(
                "engine.memory",
                List.of(API_DATA, API_CLIENT, API_CHANNEL, API, SPI_ENGINE, FAILURE),
                List.of(Library.REACTOR, Library.LOGGING)),
        AUTH_TOKEN(
                "auth.token",
                List.of(JSON, API_DATA, API_CLIENT, API_CHANNEL, SPI_AUTH, PROTOCOL),
                List.of(Library.REACTOR, Library.LOGGING, Library.JOSE)),
        API_TOKEN("api.token", List.of(JSON, API_DATA, API, API_CHANNEL, PROTOCOL, AUTH_TOKEN), List.of()),
        STATISTICS("statistics", List.of(API_DATA, API_CLIENT, API_CHANNEL, FAILURE), List.of(Library.LOGGING)),
        LIMIT("limit", List.of(PROTOCOL, STATISTICS), List.of(Library.NETTY)),
        OPERATION(
                "operation",
                List.of(API_DATA, API_CLIENT, API_CHANNEL, API, SPI_ENGINE, CHANNEL),
                List.of(Library.REACTOR)),
        LOOP(
                "loop",
                List.of(JSON, API_DATA, SPI_ENGINE, SPI_TRANSPORT, FAILURE, STATISTICS),
                List.of(Library.LOGGING, Library.NETTY, Library.REACTOR)),
        HUB(
                "hub",
                List.of(JSON, API_DATA, API_CLIENT, DELTA, PROTOCOL, SPI_TRANSPORT, FAILURE, STATISTICS),
                List.of(Library.LOGGING, Library.NETTY, Library.REACTOR)),
        EMULATION("emulation", List.of(PROTOCOL, SPI_TRANSPORT, FAILURE, STATISTICS, LOOP), List.of(Library.NETTY)),
        CONNECTION(
                "connection",
                List.of(
                        JSON,
                        API_DATA,
                        API_CLIENT,
                        API_CHANNEL,
                        API,
                        SPI_ENGINE,
                        SPI_AUTH,
                        SPI_HOOK,
                        SPI_TRANSPORT,
                        DELTA,
                        PROTOCOL,
                        CHANNEL,
                        FAILURE,
                        STATISTICS,
                        LIMIT,
                        OPERATION,
                        LOOP,
                        HUB,
                        EMULATION),
                List.of(Library.REACTOR, Library.LOGGING, Library.NETTY)),
        COMMAND(
                "command",
                List.of(
                        API_DATA,
                        API_CLIENT,
                        API_CHANNEL,
                        API,
                        SPI_ENGINE,
                        SPI_AUTH,
                        SPI_HOOK,
                        SPI_TRANSPORT,
                        DELTA,
                        PROTOCOL,
                        CHANNEL,
                        FAILURE,
                        STATISTICS,
                        LIMIT,
                        OPERATION,
                        LOOP,
                        HUB,
                        CONNECTION),
                List.of(Library.REACTOR, Library.LOGGING, Library.NETTY)),
        NODE(
                "node",
                List.of(
                        API_DATA,
                        API_CLIENT,
                        API_CHANNEL,
                        API,
                        SPI_ENGINE,
                        SPI_AUTH,
                        SPI_HOOK,
                        SPI_TRANSPORT,
                        PROTOCOL,
                        CHANNEL,
                        FAILURE,
                        ENGINE_MEMORY,
                        STATISTICS,
                        LIMIT,
                        OPERATION,
                        LOOP,
                        HUB,
                        EMULATION,
                        CONNECTION,
                        COMMAND),
                List.of(Library.REACTOR, Library.LOGGING, Library.NETTY));

        private final String packages;

        private final List<Room> sees;

        private final List<Library> libraries;

        Room(String packages, List<Room> sees, List<Library> libraries) {
            this.packages = "dev.realtime." + packages;
            this.sees = sees;
            this.libraries = libraries;
        }

        private String[] allowed() {
            List<String> allowed = new ArrayList<>(List.of("java..", "javax.crypto..", "org.jspecify.annotations"));
            libraries.forEach(library -> allowed.addAll(library.packages));
            allowed.add(packages);
            sees.forEach(room -> allowed.add(room.packages));
            return allowed.toArray(String[]::new);
        }
    }

    /** Classes that catch every failure of the executors and publishers they call, or pass it on to one that does. */
    private static final List<String> CATCHING_IN_PLACE = List.of(
            "LoopSubscribers",
            "CommandSequence",
            "TimerWheel",
            "SharedHistoryReads",
            "EmptyCaches",
            "SubscriptionFeed",
            "CallbackDeadline",
            "CallbackWatch",
            "OccupancyReports",
            "PositionChecks",
            "RealtimeNode");

    @ParameterizedTest
    @EnumSource
    void roomUsesOnlyTheRoomsBelowItAndItsLibraries(Room room) {
        classes()
                .that()
                .resideInAPackage(room.packages)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(room.allowed())
                .check(CORE);
    }

    @Test
    void everyClassIsInARoom() {
        String[] rooms = Arrays.stream(Room.values()).map(room -> room.packages).toArray(String[]::new);

        classes().should().resideInAnyPackage(rooms).check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.realtime.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void packagesHaveAtMostTwentyFiveFiles() {
        assertThat(Rooms.filesByPackage(CORE))
                .allSatisfy((room, files) -> assertThat(files).as(room).hasSizeLessThanOrEqualTo(25));
    }

    @Test
    void filesHaveNoCyclesAboveSix() {
        assertThat(Rooms.familyCycles(CORE))
                .allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(6));
    }

    /** A task or an answer that fails must not take others along: see {@link Boundary}. */
    @Test
    void tasksAreHandedOverAndAnswersAwaitedAtTheBoundaryOrCaughtInPlace() {
        DescribedPredicate<JavaCall<?>> unguarded = DescribedPredicate.describe(
                "hand over a task or subscribe",
                call -> (call.getTargetOwner().isAssignableTo(Executor.class)
                                && call.getName().matches("execute|submit|schedule.*"))
                        || (call.getTargetOwner().isAssignableTo(Scheduler.class)
                                && call.getName().startsWith("schedule"))
                        || (call.getTargetOwner().isAssignableTo(Publisher.class)
                                && call.getName().equals("subscribe")));

        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.realtime.hub..",
                        "dev.realtime.loop..",
                        "dev.realtime.statistics..",
                        "dev.realtime.emulation..",
                        "dev.realtime.connection..",
                        "dev.realtime.command..",
                        "dev.realtime.node..")
                .and()
                .haveNameNotMatching(".*\\.(" + String.join("|", CATCHING_IN_PLACE) + ")(\\$.*)?")
                .should()
                .callCodeUnitWhere(unguarded)
                .check(CORE);
    }

    @Test
    void everyPlaceOfAFailureIsUsed() {
        Set<String> used = CORE.stream()
                .filter(type -> !type.isEquivalentTo(Place.class))
                .flatMap(type -> type.getFieldAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isEquivalentTo(Place.class))
                .map(access -> access.getName())
                .collect(Collectors.toSet());

        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Place.values()).map(Enum::name).toList());
    }

    /** Tokens are written by strangers: nothing in them may become a request or the name of a file. */
    @Test
    void tokensAreVerifiedWithoutNetworkAndFiles() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.auth..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "com.nimbusds.jose.jwk.source..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(File.class)
                .check(CORE);
    }

    @Test
    void coldPublishersThatApplicationsGetMustBeUsed() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.realtime.api")
                .and()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .haveSimpleNameStartingWith("Realtime")
                .and()
                .haveRawReturnType(
                        DescribedPredicate.describe("a publisher", type -> type.isAssignableTo(Publisher.class)))
                .should()
                .beDeclaredInClassesThat()
                .areAnnotatedWith(CheckReturnValue.class)
                .check(CORE);
    }
}
