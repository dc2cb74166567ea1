package dev.realtime.engine.redis.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.epoch.FenceRig;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.spi.engine.RecordingBrokerListener;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reads of streams for many followers. */
class StreamReadsTests {

    private static final int PARTITION = 1;

    private static final int FEEDS = 10_000;

    /** More calls than may wait in a lane. */
    private static final int MANY_CALLS = 20_001;

    private static final StreamPosition SINCE = new StreamPosition(1, FenceRig.epoch(FenceRig.FIRST, 1));

    private final FenceRig rig = new FenceRig();

    private final StreamReads reads = new StreamReads(rig.scripts, rig.streams, rig.subscriptions);

    private StreamFollower follower(RedisKeys.ChannelKeys keys, String channel) {
        return new StreamFollower(
                channel,
                keys,
                new RecordingBrokerListener(),
                reads,
                rig.fence,
                new HoldbackBudget(0),
                rig.scripts.statistics(),
                rig.garbage);
    }

    /** During an outage each read that is started may fail immediately, and lets the next one start. */
    @Test
    void readsThatFailAsSoonAsTheyAreStartedAreAllTriedAgain() {
        RedisKeys keys = rig.keys;
        IntStream.range(0, 8 * FEEDS)
                .mapToObj(number -> "chat:" + number)
                .filter(channel -> keys.of(channel).partition() == PARTITION)
                .limit(FEEDS)
                .forEach(channel -> reads.read(follower(keys.of(channel), channel), SINCE));
        rig.scripts.lane(PARTITION).drain();
        for (int call = 0; call < MANY_CALLS; call++) {
            rig.scripts.run(rig.streams.epochs(PARTITION, new byte[][] {{1}})).subscribe(reply -> {}, error -> {});
        }
        long scheduled = rig.scheduler.getScheduledTaskCount();

        rig.redis
                .take(Script.HISTORY)
                .command()
                .completeExceptionally(new RedisCommandExecutionException("ERR failed"));

        // All but those that were sent and have no reply.
        int open = rig.redis.calls(Script.HISTORY).size() - 1;
        assertThat(rig.scheduler.getScheduledTaskCount() - scheduled).isEqualTo(FEEDS - open);
    }
}
