package dev.realtime.engine.redis.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.script.ScriptCall;
import dev.realtime.engine.redis.stream.StreamScripts;
import dev.realtime.spi.engine.RecordingBrokerListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When scripts that read the epochs of many streams are sent, and for which followers. */
class EpochReadsTests {

    private static final Duration MOMENT = Duration.ofMillis(20);

    private static final RedisKeys KEYS = new RedisKeys("realtime", new Partitions(2));

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    private final List<Call> calls = new ArrayList<>();

    private final ScriptedReads stream = new ScriptedReads();

    private final RecordingBrokerListener listener = new RecordingBrokerListener();

    private final RedisStatistics statistics = new RedisStatistics();

    private final EpochReads reads = new EpochReads(
            (partition, metas, observer) -> calls.add(new Call(partition, metas, observer)),
            partition -> "server-" + partition,
            scheduler);

    private record Call(int partition, byte[][] metas, ScriptCall.Observer<List<Object>> observer) {

        void succeed() {
            List<Object> reply = new ArrayList<>();
            for (byte[] ignored : metas) {
                reply.addAll(List.of(1L, bytes("e1"), bytes("")));
            }
            observer.succeeded(reply);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private StreamFollower follower(String channel) {
        return new StreamFollower(
                channel,
                KEYS.of(channel),
                listener,
                stream,
                stream,
                stream.budget,
                statistics,
                new GarbageLog(statistics));
    }

    private List<StreamFollower> followers(int partition, int count) {
        List<StreamFollower> followers = new ArrayList<>();
        for (int i = 0; followers.size() < count; i++) {
            StreamFollower follower = follower("chat:" + i);
            if (follower.keys().partition() == partition) {
                followers.add(follower);
            }
        }
        return followers;
    }

    private void want(List<StreamFollower> followers) {
        followers.forEach(follower -> reads.want(follower, StreamPosition.NONE));
    }

    @Test
    void feedThatAsksAgainBeforeItsScriptIsSentIsReadOnce() {
        StreamFollower follower = follower("chat:room");
        reads.want(follower, StreamPosition.NONE);
        reads.want(follower, new StreamPosition(1, "e1"));

        scheduler.advanceTimeBy(MOMENT);

        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).metas())
                .isDeepEqualTo(new byte[][] {follower.keys().meta()});
    }

    @Test
    void feedThatAsksAfterItsScriptWasSentIsReadAgain() {
        StreamFollower follower = follower("chat:room");
        reads.want(follower, StreamPosition.NONE);
        scheduler.advanceTimeBy(MOMENT);

        reads.want(follower, StreamPosition.NONE);
        scheduler.advanceTimeBy(MOMENT);

        assertThat(calls).hasSize(2);
    }

    @Test
    void fullScriptIsSentImmediatelyAndTheRestWhenNothingMoreComes() {
        want(followers(0, StreamScripts.MOST_CHANNELS));
        scheduler.advanceTime();
        assertThat(calls).extracting(call -> call.metas().length).containsExactly(StreamScripts.MOST_CHANNELS);
        want(List.of(follower("chat:one")));

        scheduler.advanceTimeBy(MOMENT);

        assertThat(calls).extracting(call -> call.metas().length).containsExactly(StreamScripts.MOST_CHANNELS, 1);
    }

    @Test
    void scriptThatKeepsFillingSlowlyIsSentAllTheSame() {
        for (StreamFollower follower : followers(0, 30)) {
            reads.want(follower, StreamPosition.NONE);
            scheduler.advanceTimeBy(Duration.ofMillis(3));
        }

        assertThat(calls).isNotEmpty();
        assertThat(calls.get(0).metas().length).isGreaterThan(10);
    }

    @Test
    void scriptsWaitWhileTheServerRunsOthersAndFillUp() {
        List<StreamFollower> followers = followers(0, 6 * StreamScripts.MOST_CHANNELS + 10);
        want(followers.subList(0, 6 * StreamScripts.MOST_CHANNELS));
        scheduler.advanceTimeBy(MOMENT);
        assertThat(calls).hasSize(4);

        want(followers(1, 1));
        scheduler.advanceTimeBy(MOMENT);
        assertThat(calls).as("that of another server").hasSize(5);

        calls.get(0).succeed();
        calls.get(1).succeed();
        calls.get(2).succeed();
        scheduler.advanceTimeBy(MOMENT);
        assertThat(calls).hasSize(7);
        assertThat(calls.subList(5, 7)).allMatch(call -> call.metas().length == StreamScripts.MOST_CHANNELS);
    }

    @Test
    void failedScriptIsSentAgainForFeedsThatAreNotClosed() {
        List<StreamFollower> followers = followers(0, 2);
        want(followers);
        scheduler.advanceTimeBy(MOMENT);

        followers.get(0).close();
        calls.get(0).observer().failed(new EngineException("Redis is not there"));
        scheduler.advanceTimeBy(Duration.ofMillis(10));
        assertThat(calls).hasSize(1);
        scheduler.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(calls).hasSize(2);
        assertThat(Arrays.asList(calls.get(1).metas()))
                .containsExactly(followers.get(1).keys().meta());
    }

    @Test
    void serverThatComesBackGetsNoMoreScriptsAtOnceThanOthers() {
        want(followers(0, 10 * StreamScripts.MOST_CHANNELS));
        for (int outage = 0; outage < 5; outage++) {
            scheduler.advanceTimeBy(Duration.ofSeconds(3));
            List<Call> sent = List.copyOf(calls);
            calls.clear();
            sent.forEach(call -> call.observer().failed(new EngineException("Redis is not there")));
        }

        scheduler.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(calls).hasSize(4);
    }

    @Test
    void feedThatIsClosedBeforeItsScriptIsSentIsNotRead() {
        StreamFollower follower = follower("chat:room");
        reads.want(follower, StreamPosition.NONE);

        follower.close();
        scheduler.advanceTimeBy(MOMENT);

        assertThat(calls).isEmpty();
    }

    @Test
    void nothingIsScheduledWhenAllFeedsOfAFailedScriptAreClosed() {
        List<StreamFollower> followers = followers(0, 2);
        want(followers);
        scheduler.advanceTimeBy(MOMENT);

        followers.forEach(StreamFollower::close);
        calls.get(0).observer().failed(new EngineException("Redis is not there"));
        scheduler.advanceTimeBy(MOMENT);
        long scheduled = scheduler.getScheduledTaskCount();
        scheduler.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(scheduler.getScheduledTaskCount()).isEqualTo(scheduled);
    }

    @Test
    void feedIsReadAfterAnError() {
        AtomicBoolean failed = new AtomicBoolean();
        EpochReads failing = new EpochReads(
                (partition, metas, observer) -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new NoClassDefFoundError("once");
                    }
                    calls.add(new Call(partition, metas, observer));
                },
                partition -> "server",
                scheduler);
        failing.want(follower("chat:room"), StreamPosition.NONE);
        try {
            scheduler.advanceTimeBy(MOMENT);
        } catch (NoClassDefFoundError uncontained) {
            // The scheduler of an engine would only log it.
        }

        scheduler.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(calls).hasSize(1);
    }
}
