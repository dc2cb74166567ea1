package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.AppendOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * Rollbacks of Redis while nodes use more channels than they can remember, stop in good order, start, and while the
 * registry of nodes is rolled back too. A client that comes back over a loss must not be assured that it recovered; one
 * that comes back to a channel that lost nothing must be.
 *
 * <p>{@code -Dcampaign=true} runs it with 200,000 other channels.
 */
class RollbackAtScaleIntegrationTests {

    private static final boolean CAMPAIGN = Boolean.getBoolean("campaign");

    /** More than a node of these tests remembers. */
    private static final int OTHERS = CAMPAIGN ? 200_000 : 10_000;

    private static final int REMEMBERED = CAMPAIGN ? 1 << 17 : 2048;

    private static final int CASES = CAMPAIGN ? 1000 : 200;

    private static final int AT_ONCE = 256;

    /**
     * Where a survey is not answered in time, as on a busy machine, more than necessary are notified of a loss. That
     * may have a trial repeated; a silent loss fails the test in each.
     */
    private static final int TRIALS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    static Map<String, StreamPosition> publish(StartedEngine node, String prefix, int count, String text) {
        Map<String, StreamPosition> acknowledged = new LinkedHashMap<>();
        Flux.range(0, count)
                .flatMap(
                        i -> node.engine
                                .broker()
                                .publish(
                                        prefix + i,
                                        Publication.of(Payload.ofText(text)),
                                        AppendOptions.keeping(StartedEngine.HISTORY))
                                .retryWhen(Retry.fixedDelay(200, Duration.ofMillis(50)))
                                .map(result -> Map.entry(prefix + i, result.position())),
                        AT_ONCE)
                .doOnNext(entry -> acknowledged.put(entry.getKey(), entry.getValue()))
                .blockLast(PATIENCE);
        return acknowledged;
    }

    /** How many of those that come back, each at a place of its channel, are assured that they missed nothing. */
    static long recovered(StartedEngine node, Map<String, StreamPosition> places) {
        return Flux.fromIterable(places.entrySet())
                .flatMap(
                        place -> node.history(place.getKey(), place.getValue())
                                .map(read -> isWhole(read, place.getValue())),
                        32)
                .filter(Boolean::booleanValue)
                .count()
                .block(PATIENCE);
    }

    private static boolean isWhole(HistoryResult read, StreamPosition since) {
        return read.continues(since)
                && (read.publications().isEmpty()
                        ? read.position().offset() == since.offset()
                        : read.publications().get(0).offset() == since.offset() + 1);
    }

    @ParameterizedTest
    @CsvSource({"2, false", "2, true", "4, true"})
    void publisherOfManyChannelsThatStopsLeavesNoLossUnreported(int nodes, boolean othersBefore) {
        long recovered = recoveredOfThoseThatLostNothing(nodes, othersBefore);
        for (int trial = 1; trial < TRIALS && recovered != CASES; trial++) {
            recovered = recoveredOfThoseThatLostNothing(nodes, othersBefore);
        }

        assertThat(recovered).as("recovered, of channels that lost nothing").isEqualTo(CASES);
    }

    private static long recoveredOfThoseThatLostNothing(int nodes, boolean othersBefore) {
        try (ReplicatedDeployment deployment = new ReplicatedDeployment(nodes, REMEMBERED)) {
            StartedEngine publisher = deployment.start("publisher");
            if (othersBefore) {
                publish(publisher, "before:", OTHERS, "\"other\"");
            }
            Map<String, StreamPosition> lossy = publish(publisher, "lossy:", CASES, "1");
            Map<String, StreamPosition> whole = publish(publisher, "whole:", CASES, "1");
            deployment.cutReplication();
            publish(publisher, "lossy:", CASES, "2");

            deployment.failOver();
            publish(publisher, "after:", OTHERS, "\"other\"");
            deployment.stop(publisher);

            StartedEngine first = deployment.nodes.get(0);
            assertThat(recovered(first, lossy)).as("silent losses").isZero();
            return recovered(first, whole);
        }
    }

    @Test
    void publisherThatForgotItsTailIsNotTakenForOneThatSawNothing() {
        try (ReplicatedDeployment deployment = new ReplicatedDeployment(2, REMEMBERED)) {
            StartedEngine publisher = deployment.start("publisher");
            Map<String, StreamPosition> lossy = publish(publisher, "lossy:", CASES, "1");
            deployment.cutReplication();
            publish(publisher, "lossy:", CASES, "2");
            publish(publisher, "between:", 3 * REMEMBERED, "\"other\"");

            deployment.failOver();
            publish(publisher, "after:", 10, "\"other\"");
            deployment.stop(publisher);

            assertThat(recovered(deployment.nodes.get(0), lossy))
                    .as("silent losses")
                    .isZero();
        }
    }

    @Test
    void lossThatIsKnownBeforeAChannelIsReadIsNotContinuedOver() {
        try (ReplicatedDeployment deployment = new ReplicatedDeployment(1, REMEMBERED)) {
            StartedEngine node = deployment.nodes.get(0);
            node.subscribe("quiet");
            node.publish("quiet", "1");
            StartedEngine.eventually(
                    () -> assertThat(node.listener.texts("quiet")).hasSize(1));
            deployment.awaitInSync();

            deployment.promote();
            deployment.announceLoss();
            StartedEngine.eventually(() -> assertThat(node.engine.statistics().events(Event.ROLLBACK_FOUND))
                    .isPositive());
            assertThat(node.listener.disturbed()).isEmpty();
            deployment.follow();

            StartedEngine.eventually(() -> assertThat(node.listener.disturbed()).contains("quiet"));
        }
    }

    @Test
    void duplicateThatWasAcknowledgedIsNotLostInSilence() {
        try (ReplicatedDeployment deployment = new ReplicatedDeployment(1, REMEMBERED)) {
            StartedEngine node = deployment.nodes.get(0);
            StreamPosition first = node.publish("lossy", "1");
            deployment.cutReplication();
            // Of a publish whose answer was lost.
            byte[] once = deployment.underTest.keys().of("lossy").once("order");
            deployment.primary.execute("SET", new String(once, StandardCharsets.US_ASCII), "2:" + first.epoch());
            AppendOptions again = AppendOptions.keeping(StartedEngine.HISTORY).withIdempotencyKey("order");
            assertThat(node.publish("lossy", "2", again).position()).isEqualTo(new StreamPosition(2, first.epoch()));

            deployment.failOver();

            assertThat(recovered(node, Map.of("lossy", first)))
                    .as("silent losses")
                    .isZero();
        }
    }

    @Test
    void olderDatasetThatLacksTheRegistryDecidesNothing() {
        try (RedisServer redis = ReplicatedDeployment.SETTINGS.start();
                FaultProxy way = FaultProxy.to(redis)) {
            RedisEngineUnderTest underTest = RedisEngineUnderTest.through(way.port(), REMEMBERED);
            StartedEngine first = new StartedEngine(underTest.newEngine(), "first");
            redis.execute("SAVE");
            StartedEngine publisher = new StartedEngine(underTest.newEngine(), "publisher");
            Map<String, StreamPosition> lossy = publish(publisher, "lossy:", CASES, "1");
            redis.execute("SAVE");
            publish(publisher, "lossy:", CASES, "2");

            redis.kill();
            redis.start();
            StartedEngine fresh = new StartedEngine(underTest.newEngine(), "fresh");

            assertThat(recovered(fresh, lossy))
                    .as("silent losses at a node that just started")
                    .isZero();
            assertThat(recovered(first, lossy)).as("silent losses").isZero();
            List.of(first, publisher, fresh).forEach(StartedEngine::stop);
            underTest.close();
        }
    }
}
