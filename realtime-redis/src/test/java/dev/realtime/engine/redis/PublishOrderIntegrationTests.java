package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.HISTORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.engine.redis.connection.LinkRig;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.AppendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publishes of one thread get their offsets in the order in which they were made, whatever is refused in between. */
class PublishOrderIntegrationTests {

    private static final String CHANNEL = "chat:order";

    private static final int COUNT = 1000;

    @RegisterExtension
    static final RedisExtension<RedisServer> alone = RedisExtension.standalone();

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> cluster = RedisExtension.of(
            () -> RedisClusterServers.builder().primaries(3).replicas(0).start());

    private RedisEngineUnderTest underTest;

    private StartedEngine node;

    private void start(RedisEngineUnderTest engine) {
        underTest = engine;
        node = new StartedEngine(engine.engine(), "node");
    }

    @AfterEach
    void stop() {
        node.stop();
        underTest.close();
    }

    /**
     * Publishes without waiting, and does something in the middle; returns the offsets in the order of the publishes.
     */
    private List<Long> publish(ThrowingAction disturbance) throws Exception {
        List<CompletableFuture<PublishResult>> results = new ArrayList<>();
        CompletableFuture<Void> disturbed = new CompletableFuture<>();
        for (int number = 1; number <= COUNT || !disturbed.isDone(); number++) {
            results.add(node.engine
                    .broker()
                    .publish(CHANNEL, Publication.of(Payload.ofText("" + number)), AppendOptions.keeping(HISTORY))
                    .toFuture());
            if (number == COUNT / 4) {
                new Thread(() -> {
                            try {
                                disturbance.run();
                                disturbed.complete(null);
                            } catch (Exception failed) {
                                disturbed.completeExceptionally(failed);
                            }
                        })
                        .start();
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        disturbed.join();
        List<Long> offsets = new ArrayList<>();
        for (CompletableFuture<PublishResult> result : results) {
            try {
                offsets.add(result.join().position().offset());
            } catch (CompletionException failed) {
                // One that was in progress when its connection was replaced: it is unknown whether it was done.
                assertThat(failed).hasCauseInstanceOf(EngineException.class);
            }
        }
        assertThat(offsets).hasSizeGreaterThan(results.size() / 2);
        return offsets;
    }

    private interface ThrowingAction {

        void run() throws Exception;
    }

    @Test
    void publishesThatAReplicaRefusedKeepTheirOrder() throws Exception {
        start(RedisEngineUnderTest.on(alone.get()));

        List<Long> offsets = publish(() -> {
            // Refuses writes, and the connection stays, as in a failover of a managed service.
            alone.get().execute("REPLICAOF", RedisServer.HOST, "1");
            Thread.sleep(150);
            alone.get().execute("REPLICAOF", "NO", "ONE");
        });

        // Promotion may begin another epoch, but offsets continue.
        assertThat(offsets).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void publishesToAMovedSlotKeepTheirOrder() throws Exception {
        start(RedisEngineUnderTest.on(cluster.get(), PubSubMode.AUTO));
        int slot = new Partitions(underTest.options().partitions())
                .slot(underTest.keys().of(CHANNEL).partition());

        List<Long> offsets = publish(() -> {
            for (int round = 0; round < 6; round++) {
                moveToAnotherPrimary(slot);
                Thread.sleep(50);
            }
        });

        assertThat(offsets).isSorted().doesNotHaveDuplicates();
    }

    /** Some may be lost while the slot moves, as nothing keeps them, but none is overtaken. */
    @Test
    void publishesWithoutHistoryToAMovedSlotKeepTheirOrder() throws Exception {
        start(RedisEngineUnderTest.on(cluster.get(), PubSubMode.AUTO));
        StartedEngine subscriber = new StartedEngine(underTest.another(), "subscriber");
        try {
            subscriber.subscribe(CHANNEL);
            int slot = new Partitions(underTest.options().partitions())
                    .slot(underTest.keys().of(CHANNEL).partition());
            AtomicBoolean moved = new AtomicBoolean();
            Thread moving = new Thread(() -> {
                for (int round = 0; round < 10; round++) {
                    moveToAnotherPrimary(slot);
                    underTest.pass(Duration.ofMillis(100));
                }
                moved.set(true);
            });
            moving.start();
            int number = 0;
            while (!moved.get()) {
                number++;
                node.engine
                        .broker()
                        .publish(CHANNEL, Publication.of(Payload.ofText("" + number)), AppendOptions.NONE)
                        .subscribe(result -> {}, lost -> {});
                LockSupport.parkNanos(Duration.ofNanos(100_000).toNanos());
            }
            moving.join();
            LinkRig.await("a publish behind all others").until(() -> {
                node.publish(CHANNEL, "" + Integer.MAX_VALUE, AppendOptions.NONE);
                return subscriber.listener.texts(CHANNEL).contains("" + Integer.MAX_VALUE);
            });

            List<Integer> received = subscriber.listener.texts(CHANNEL).stream()
                    .map(Integer::valueOf)
                    .toList();
            System.out.printf("%d of %d publishes without history delivered%n", received.size(), number);
            assertThat(received).isSorted().hasSizeGreaterThan(number / 20);
        } finally {
            subscriber.stop();
        }
    }

    private static void moveToAnotherPrimary(int slot) {
        RedisServer owner = cluster.get().primaryOf(slot);
        RedisServer other = cluster.get().primaries().stream()
                .filter(primary -> primary != owner)
                .findFirst()
                .orElseThrow();
        cluster.get().moveSlots(slot, slot, other);
    }
}
