package dev.realtime.engine.redis.epoch;

import static dev.realtime.engine.redis.epoch.FenceRig.FIRST;
import static dev.realtime.engine.redis.epoch.FenceRig.THIRD;
import static dev.realtime.engine.redis.epoch.FenceRig.epoch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.broker.ScriptedReads;
import dev.realtime.engine.redis.epoch.ScriptedRedis.Call;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.stream.StreamScripts;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A primary of two that comes back with an older dataset, while this node does not remember all that it saw of it: the
 * subscribers that have to be notified.
 */
class LostGenerationTests {

    private static final String OTHER = "eeeeeeee";

    /** Partition of the other primary. */
    private static final int OF_OTHER = 1;

    private final FenceRig rig = new FenceRig();

    private final String concerned = channel(0);

    private final String others = channel(OF_OTHER);

    private String channel(int partition) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "chat:" + i)
                .filter(name -> rig.keys.of(name).partition() == partition)
                .findFirst()
                .orElseThrow();
    }

    @BeforeEach
    void twoPrimaries() {
        rig.redis.answer(Script.NOTE_SEEN, call -> 1L);
        rig.redis.answer(Script.END_EPOCH, call -> 1L);
        rig.redis.own("B", OF_OTHER);
        rig.redis.primary("A", FIRST, 100);
        rig.redis.primary("B", OTHER, 100);
        rig.redis.sayReplication("A", FIRST);
        rig.redis.sayReplication("B", OTHER);
        rig.round();
    }

    private void follow(String channel, String epoch) {
        RedisKeys.ChannelKeys keys = rig.keys.of(channel);
        rig.broker.subscribe(channel).subscribe();
        rig.broker.onMessage(keys.partition(), keys.name(), ScriptedReads.message(epoch, 1));
    }

    /** Has streams of the first primary answered with this position and past; those of the other one continue. */
    private void streams(String epoch, String past) {
        rig.redis.answer(
                Script.EPOCHS,
                call -> call.partition() == OF_OTHER ? epochs(epoch(OTHER, 1), "") : epochs(epoch, past));
    }

    private static List<Object> epochs(String epoch, String past) {
        List<Object> reply = new ArrayList<>();
        for (int i = 0; i < StreamScripts.MOST_CHANNELS; i++) {
            reply.add(1L);
            reply.add(ScriptedRedis.bytes(epoch));
            reply.add(ScriptedRedis.bytes(past));
        }
        return reply;
    }

    private void forgetAndComeBack() {
        IntStream.range(0, 4000)
                .mapToObj(i -> "busy:" + i)
                .filter(name -> rig.keys.of(name).partition() != OF_OTHER)
                .forEach(name -> rig.seen.acknowledged(name, epoch(FIRST, 1), 1));
        rig.redis.primary("A", THIRD, 10);
        rig.redis.sayReplication("A", THIRD);
        rig.round();
        rig.pass(Duration.ofSeconds(2));
    }

    private List<String> ended() {
        return rig.redis.calls(Script.END_EPOCH).stream().map(Call::text).toList();
    }

    @Test
    void subscribersOfTheOtherPrimaryAreNotNotified() {
        follow(others, epoch(OTHER, 1));
        follow(concerned, epoch(THIRD, 3));
        streams(epoch(THIRD, 3), epoch(FIRST, 1) + ",1,?;");

        forgetAndComeBack();

        assertThat(ended()).singleElement().satisfies(text -> assertThat(text).contains(epoch(THIRD, 3)));
    }

    @Test
    void subscribersOfAStreamThatBeganAfterwardsAreNotNotified() {
        follow(concerned, epoch(THIRD, 3));
        streams(epoch(THIRD, 3), "");

        forgetAndComeBack();

        assertThat(ended()).isEmpty();
    }

    @Test
    void subscribersOfAStreamWhoseLossIsNotedAreNotNotifiedAgain() {
        follow(concerned, epoch(THIRD, 4));
        streams(epoch(THIRD, 4), epoch(FIRST, 1) + ",1,?;" + epoch(THIRD, 3) + ",1,9007199254740991;");

        forgetAndComeBack();

        assertThat(ended()).isEmpty();
    }

    /** As without memory, or without the replicas that a write needs. */
    private void writesAreRefused() {
        rig.redis.answer(Script.END_EPOCH, call -> {
            call.command().completeExceptionally(new RedisCommandExecutionException("ERR refused"));
            return null;
        });
    }

    @Test
    void subscribersAreNotifiedHoweverLongRedisRefusesWrites() {
        follow(concerned, epoch(THIRD, 3));
        streams(epoch(THIRD, 3), epoch(FIRST, 1) + ",1,?;");
        writesAreRefused();
        forgetAndComeBack();
        rig.pass(Duration.ofMinutes(10));

        rig.redis.answer(Script.END_EPOCH, call -> 1L);
        int refused = ended().size();
        rig.pass(Duration.ofSeconds(10));

        assertThat(ended()).hasSize(refused + 1);
    }

    @Test
    void nobodyIsReportedWhenAllHaveLeft() {
        follow(concerned, epoch(THIRD, 3));
        streams(epoch(THIRD, 3), epoch(FIRST, 1) + ",1,?;");
        writesAreRefused();
        forgetAndComeBack();

        rig.broker.unsubscribe(concerned).subscribe();
        rig.pass(Duration.ofSeconds(10));
        int refused = ended().size();
        rig.pass(Duration.ofMinutes(1));

        assertThat(ended()).hasSize(refused);
    }
}
