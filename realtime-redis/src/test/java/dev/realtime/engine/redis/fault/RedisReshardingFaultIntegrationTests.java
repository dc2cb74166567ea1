package dev.realtime.engine.redis.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.loss.Load;
import dev.realtime.engine.redis.loss.LossRun;
import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RespConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A cluster that is rebuilt under load: slots in use move to other primaries, one is held half moved, primaries are
 * replaced as planned, a node joins and leaves. No client may notice: nothing is lost, no subscription and no
 * connection ends, and of a thousand publishes at most one is refused.
 *
 * <p>{@code -Dcampaign=true} moves 600 slots and holds one for ten seconds.
 */
class RedisReshardingFaultIntegrationTests {

    private static final boolean CAMPAIGN = Boolean.getBoolean("campaign");

    /** More than there are slots to move, as channels meet in some. */
    private static final int CHANNELS = CAMPAIGN ? 1600 : 200;

    private static final int MOVED = CAMPAIGN ? 600 : 60;

    private static final int MOVED_TO_NEWCOMER = CAMPAIGN ? 100 : 20;

    private static final Duration HELD = Duration.ofSeconds(CAMPAIGN ? 10 : 2);

    private static final int PARTITIONS = 1024;

    private static final int SLOTS = 16_384;

    private static final int SUBSCRIBERS_PER_NODE = 8;

    /** Each channel has a subscriber of each node. */
    private static final Load LOAD = new Load(
            CHANNELS, 0, SUBSCRIBERS_PER_NODE, CHANNELS / SUBSCRIBERS_PER_NODE, Duration.ofMillis(CHANNELS * 5L));

    /** A slot of each of the primaries at the start, which are one third of all slots each. */
    private static final List<Integer> FIRST_OF_EACH = List.of(0, 6000, 12000);

    /** A machine that stalls for a moment may have a trial repeated. */
    private static final int TRIALS = 3;

    /** Outcome of a subscribe. */
    private record Outcome(Verdict verdict, int disconnects, int published, int refused) {

        private boolean isUndisturbed() {
            return verdict.notified() == 0 && verdict.ended() == 0 && disconnects == 0 && refused * 1000L <= published;
        }
    }

    @Test
    void rebuildingAClusterDisturbsNobody() {
        Outcome outcome = rebuild();
        for (int trial = 1; trial < TRIALS && !outcome.isUndisturbed(); trial++) {
            outcome = rebuild();
        }

        assertThat(outcome.isUndisturbed()).as(outcome.toString()).isTrue();
    }

    private static Outcome rebuild() {
        try (RedisClusterServers cluster = cluster();
                EnginePair engines =
                        EnginePair.of(cluster, production -> EnginePair.withPartitions(production, PARTITIONS));
                LossRun run = LossRun.start(List.of(engines.first(), engines.second()), LOAD)) {
            Map<Integer, List<String>> inUse = inUse(cluster);
            List<Integer> slots = new ArrayList<>(inUse.keySet());
            assertThat(slots).hasSizeGreaterThan(MOVED);
            Collections.shuffle(slots, new Random(1));

            List<RedisServer> primaries = cluster.primaries();
            for (int slot : slots.subList(0, MOVED)) {
                cluster.moveSlots(slot, slot, other(primaries, cluster.primaryOf(slot)));
            }
            holdHalfMoved(cluster, inUse);
            FIRST_OF_EACH.forEach(slot -> {
                cluster.failOver(slot);
                cluster.awaitHealthy();
            });
            joinAndLeave(cluster, slots.subList(0, MOVED_TO_NEWCOMER));
            run.awaitDelivery();

            Verdict verdict = run.finish();
            Outcome outcome = new Outcome(
                    verdict,
                    run.disconnects(),
                    run.journal().published(),
                    run.journal().refused());
            System.out.printf(
                    "%d slots in use moved, one held for %d s, 3 failovers, a node joined and left: %d published, %d"
                            + " refused, %d disconnects, %s%n",
                    MOVED, HELD.toSeconds(), outcome.published(), outcome.refused(), outcome.disconnects(), verdict);
            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
            return outcome;
        }
    }

    private static RedisClusterServers cluster() {
        return RedisClusterServers.builder()
                .primaries(3)
                .replicas(1)
                // A primary that gives its last slot away stays a primary: it is notified of the slot once more.
                .eachNode(node -> node.setting("cluster-allow-replica-migration", "no"))
                .start();
    }

    private static RedisServer other(List<RedisServer> primaries, RedisServer owner) {
        return primaries.get((primaries.indexOf(owner) + 1) % primaries.size());
    }

    /** Slots that have keys, each with the channels in it. */
    private static Map<Integer, List<String>> inUse(RedisClusterServers cluster) {
        Map<Integer, List<String>> inUse = new LinkedHashMap<>();
        for (RedisServer primary : cluster.primaries()) {
            try (RespConnection connection = primary.connect()) {
                for (int slot = 0; slot < SLOTS; slot++) {
                    List<String> channels = channels(connection, slot);
                    if (!channels.isEmpty()) {
                        inUse.put(slot, channels);
                    }
                }
            }
        }
        return inUse;
    }

    private static List<String> channels(RespConnection connection, int slot) {
        return keys(connection, slot).stream()
                .map(key -> key.substring(key.lastIndexOf(':') + 1))
                .filter(name -> name.startsWith("channel-"))
                .distinct()
                .toList();
    }

    private static List<String> keys(RespConnection connection, int slot) {
        List<?> keys = (List<?>) connection.command("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "1000");
        return keys == null ? List.of() : keys.stream().map(String::valueOf).toList();
    }

    /** Moves one channel of a slot that has several, and leaves the slot like that for a while. */
    private static void holdHalfMoved(RedisClusterServers cluster, Map<Integer, List<String>> inUse) {
        Map.Entry<Integer, List<String>> held = inUse.entrySet().stream()
                .filter(used -> used.getValue().size() > 1)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No slot has two channels"));
        int slot = held.getKey();
        RedisServer source = cluster.primaryOf(slot);
        RedisServer target = other(cluster.primaries(), source);
        cluster.beginMove(slot, target);
        try (RespConnection connection = source.connect()) {
            cluster.moveKeys(
                    slot,
                    target,
                    keys(connection, slot).stream()
                            .filter(key -> key.endsWith(":" + held.getValue().get(0)))
                            .toList());
        }
        pass(HELD);
        cluster.moveSlots(slot, slot, target);
    }

    private static void joinAndLeave(RedisClusterServers cluster, List<Integer> slots) {
        RedisServer newcomer = cluster.addNode();
        Map<Integer, RedisServer> owners = new LinkedHashMap<>();
        slots.forEach(slot -> owners.put(slot, cluster.primaryOf(slot)));
        slots.forEach(slot -> cluster.moveSlots(slot, slot, newcomer));
        cluster.awaitHealthy();
        owners.forEach((slot, owner) -> cluster.moveSlots(slot, slot, owner));
        cluster.awaitHealthy();
        cluster.removeNode(newcomer);
    }

    private static void pass(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a slot is held", stopped);
        }
    }
}
