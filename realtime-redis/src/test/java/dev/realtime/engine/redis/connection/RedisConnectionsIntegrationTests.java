package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.monitor.OutageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.RedisURI;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** Start and end of the connections, with and without Redis, and on a bad network. */
class RedisConnectionsIntegrationTests {

    private static final int PARTITION = 1;

    private static RedisServer server;

    private static FaultProxy network;

    @BeforeAll
    static void startServer() {
        server = RedisServer.started();
        network = FaultProxy.to(server);
    }

    @AfterAll
    static void stopServer() {
        network.close();
        server.close();
    }

    private static LinkRig throughNetwork(RedisEngineOptions options) {
        return new LinkRig(options, List.of(RedisURI.create(RedisServer.HOST, network.port())));
    }

    private static RedisEngineOptions options(boolean waitForRedis, Duration startTimeout, int poolSize) {
        return options(
                waitForRedis,
                startTimeout,
                poolSize,
                LinkRig.options(RedisTopology.STANDALONE, PubSubMode.AUTO).pingTimeout());
    }

    /** Options with which a busy machine does not look like a Redis that does not answer. */
    private static RedisEngineOptions patient() {
        return options(false, Duration.ofSeconds(15), 1, Duration.ofSeconds(5));
    }

    private static RedisEngineOptions options(
            boolean waitForRedis, Duration startTimeout, int poolSize, Duration pingTimeout) {
        RedisEngineOptions some = LinkRig.options(RedisTopology.STANDALONE, PubSubMode.AUTO);
        return some.toBuilder()
                .poolSize(poolSize)
                .pingTimeout(pingTimeout)
                .waitForRedis(waitForRedis)
                .startTimeout(startTimeout)
                .build();
    }

    @Test
    void startFailsWithTheReasonWhenRedisIsNotThere() {
        network.refuse();
        try (LinkRig rig = throughNetwork(options(false, Duration.ofSeconds(1), 1))) {

            assertThatThrownBy(() -> rig.connections.start().block(LinkRig.LONGEST_WAIT))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Redis could not be used within 1 s")
                    .hasMessageContaining("Connection refused");
        } finally {
            network.pass();
        }
    }

    @Test
    void startThatMayWaitGoesOnTrying() {
        network.refuse();
        try (LinkRig rig = throughNetwork(options(true, Duration.ofSeconds(1), 1))) {
            rig.connections.start().block(LinkRig.LONGEST_WAIT);
            LinkRig.await("a reason")
                    .until(() -> String.valueOf(rig.status().problem()).contains("Connection refused"));
            assertThatThrownBy(() -> rig.connections
                            .commands(PARTITION)
                            .get(LinkRig.bytes("key"))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("There is no connection to Redis");

            network.pass();

            rig.awaitWorking();
            String name = rig.name(PARTITION, "late");
            rig.subscribe(PARTITION, name);
            rig.publish(PARTITION, name, "hello");
            LinkRig.await("message").until(() -> rig.textsOf(name).equals(List.of("hello")));
        } finally {
            network.pass();
        }
    }

    @Test
    void networkThatSwallowsEverythingIsFoundAndLeft() {
        try (LinkRig rig =
                throughNetwork(options(false, Duration.ofSeconds(10), 1)).started()) {
            String name = rig.name(PARTITION, "hole");
            rig.subscribe(PARTITION, name);

            network.blackHole();

            LinkRig.await("both connections noticed").until(() -> rig.problems().size() == 2);
            assertThat(rig.publish(PARTITION, name, "lost").toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5));
            network.pass();
            rig.awaitWorking();
            LinkRig.await("resubscribed").until(() -> rig.resubscribed.contains(name));
        } finally {
            network.pass();
        }
    }

    @Test
    void serverIsLeftWhenItsNameLeadsToAnother() {
        AtomicReference<RedisServer> behind = new AtomicReference<>(server);
        MappingSocketAddressResolver names = MappingSocketAddressResolver.create(
                DnsResolvers.UNRESOLVED,
                address -> HostAndPort.of(RedisServer.HOST, behind.get().port()));
        try (RedisServer other = RedisServer.started();
                LinkRig rig = new LinkRig(
                                options(false, Duration.ofSeconds(10), 2),
                                List.of(RedisURI.create("redis://primary.test")),
                                resources -> resources.socketAddressResolver(names))
                        .started()) {
            String name = rig.name(PARTITION, "left");
            rig.subscribe(PARTITION, name);

            behind.set(other);

            LinkRig.await("resubscribed").until(() -> rig.resubscribed.contains(name));
            assertThat(other.text("PUBSUB", "NUMSUB", name)).contains("1");
            rig.awaitWorking();
            rig.publish(PARTITION, name, "hello");
            LinkRig.await("message").until(() -> rig.textsOf(name).equals(List.of("hello")));
        }
    }

    @Test
    void severalServersBehindOneNameAreNotTakenForAFailover() {
        AtomicInteger dials = new AtomicInteger();
        try (RedisServer other = RedisServer.started()) {
            MappingSocketAddressResolver names = MappingSocketAddressResolver.create(
                    DnsResolvers.UNRESOLVED,
                    // Both connections lead to one server; the check sees both servers in turn.
                    address -> {
                        int dial = dials.getAndIncrement();
                        return HostAndPort.of(
                                RedisServer.HOST, dial < 4 || dial % 3 != 0 ? server.port() : other.port());
                    });
            try (LinkRig rig = new LinkRig(
                            LinkRig.withTopologyRefresh(patient(), Duration.ofMillis(100)),
                            List.of(RedisURI.create("redis://balancer.test")),
                            resources -> resources.socketAddressResolver(names))
                    .started()) {
                LinkRig.await("many dials").until(() -> dials.get() > 60);

                assertThat(rig.statistics.events(RedisStatistics.Event.RECONNECT))
                        .isZero();
            }
        }
    }

    /** The best of several tries: the machine may be busy, but a tick for each sixteen commands shows in every try. */
    @Test
    void manySubscribesOfOneMomentDoNotWaitForTicks() {
        try (LinkRig rig = LinkRig.to(server).started()) {
            AtomicInteger round = new AtomicInteger();
            LinkRig.await("128 subscribes within three ticks").until(() -> {
                int number = round.incrementAndGet();
                long begin = System.nanoTime();
                Flux.range(0, rig.partitions.count())
                        .flatMap(
                                partition -> rig.subscriptions.subscribe(
                                        partition, LinkRig.bytes(rig.name(partition, "burst" + number)), rig),
                                rig.partitions.count())
                        .blockLast(LinkRig.LONGEST_WAIT);
                long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
                System.out.printf("128 subscribes over 128 partitions in %d ms%n", millis);
                return millis < 300;
            });
        }
    }

    /** A class that is missing, or memory that is short for a moment. */
    @Test
    void errorDoesNotEndTheTaskThatOpensConnections() {
        AtomicInteger errors = new AtomicInteger();
        AppenderBase<ILoggingEvent> failing = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                errors.incrementAndGet();
                throw new NoClassDefFoundError("a class of the appender");
            }
        };
        Logger outages = (Logger) LoggerFactory.getLogger(OutageLog.class);
        try (RedisServer mortal = RedisServer.started();
                LinkRig rig = new LinkRig(patient(), List.of(RedisURI.create(mortal.uri()))).started()) {
            rig.awaitWorking();
            failing.start();
            outages.addAppender(failing);

            mortal.kill();
            LinkRig.await("the error").until(() -> errors.get() > 0);
            outages.detachAppender(failing);
            mortal.start();

            rig.awaitWorking();
        } finally {
            outages.detachAppender(failing);
        }
    }

    @Test
    void outageIsOneLineAndItsEndAnother() {
        Collection<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                lines.add(line);
            }
        };
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.realtime.engine.redis");
        ours.setLevel(Level.INFO);
        try (RedisServer mortal = RedisServer.started();
                LinkRig rig = new LinkRig(patient(), List.of(RedisURI.create(mortal.uri()))).started()) {
            rig.awaitWorking();
            recorder.start();
            root.addAppender(recorder);

            mortal.kill();
            LinkRig.await("the line").until(() -> count(lines, "Redis stopped working") == 1);
            mortal.start();
            LinkRig.await("the other line").until(() -> count(lines, "Redis works again, after ") == 1);

            assertThat(lines)
                    .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO)
                            && line.getLoggerName().startsWith("dev.realtime"))
                    .hasSize(2);
            lines.forEach(line -> System.out.println(line.getLoggerName() + ": " + line.getFormattedMessage()));
        } finally {
            root.detachAppender(recorder);
            ours.setLevel(null);
        }
    }

    private static long count(Collection<ILoggingEvent> lines, String beginning) {
        return lines.stream()
                .filter(line -> line.getFormattedMessage().startsWith(beginning))
                .count();
    }

    @Test
    void whatArrivesOnACommandConnectionIsCounted() {
        try (LinkRig rig = LinkRig.to(server).started()) {
            rig.awaitWorking();

            assertThat(rig.received()).isPositive();
        }
    }

    @Test
    void aPartitionAlwaysUsesTheSameOfManyConnections() {
        try (LinkRig rig =
                throughNetwork(options(false, Duration.ofSeconds(20), 100)).started()) {

            assertThat(rig.connections.commands(3)).isSameAs(rig.connections.commands(3));
            assertThat(rig.connections.commands(3)).isNotSameAs(rig.connections.commands(4));
            assertThat(network.connections()).isEqualTo(101);
        }
        LinkRig.await("all closed").until(() -> network.connections() == 0);
    }

    @Test
    void stopEndsWhatWaitsAndLeavesNoThreadBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        LinkRig rig = throughNetwork(options(false, Duration.ofSeconds(10), 2)).started();
        network.blackHole();
        var waiting = rig.subscriptions
                .subscribe(PARTITION, LinkRig.bytes(rig.name(PARTITION, "waiting")), rig)
                .toFuture();
        long begin = System.nanoTime();

        rig.connections.stop().block(LinkRig.LONGEST_WAIT);
        rig.connections.stop().block(LinkRig.LONGEST_WAIT);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(waiting).failsWithin(LinkRig.LONGEST_WAIT);
        assertThat(rig.subscriptions
                        .subscribe(PARTITION, LinkRig.bytes(rig.name(PARTITION, "late")), rig)
                        .toFuture())
                .failsWithin(LinkRig.LONGEST_WAIT);
        network.pass();
        rig.close();
        LinkRig.await("no threads")
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("realtime-redis"))
                        .collect(Collectors.toSet())
                        .isEmpty());
        LinkRig.await("all closed").until(() -> network.connections() == 0);
    }

    @Test
    void clusterIsLeftWithoutConnections() {
        try (RedisClusterServers cluster =
                RedisClusterServers.builder().primaries(3).replicas(0).start()) {
            LinkRig rig = LinkRig.to(cluster, PubSubMode.AUTO).started();

            rig.connections.stop().block(LinkRig.LONGEST_WAIT);

            cluster.servers()
                    .forEach(node -> LinkRig.await("no client at " + node)
                            .until(() -> !node.text("CLIENT", "LIST", "TYPE", "pubsub")
                                    .contains("id=")));
            rig.close();
            cluster.servers()
                    .forEach(node -> LinkRig.await("only the asking client at " + node)
                            .until(() -> node.info("connected_clients").equals("1")));
        }
    }

    @Test
    void checksOfThePrimaryDoNotOverlap() {
        try (FaultProxy way = FaultProxy.to(server);
                LinkRig rig = new LinkRig(
                                LinkRig.withTopologyRefresh(patient(), Duration.ofMillis(20)),
                                List.of(RedisURI.create(RedisServer.HOST, way.port())))
                        .started()) {
            LinkRig.await("topology").until(() -> !rig.status().primaries().isEmpty());
            int before = way.connections();

            way.delay(FaultProxy.Direction.TO_CLIENT, Duration.ofMillis(400));
            AtomicInteger most = new AtomicInteger();
            long began = System.nanoTime();
            LinkRig.await("some ticks").until(() -> {
                most.accumulateAndGet(way.connections(), Math::max);
                return System.nanoTime() - began > Duration.ofMillis(800).toNanos();
            });

            // The one that was open before, if any, and the next.
            assertThat(most.get()).isLessThanOrEqualTo(before + 2);
            way.pass();
        }
    }
}
