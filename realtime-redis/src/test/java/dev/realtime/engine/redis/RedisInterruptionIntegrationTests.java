package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static dev.realtime.engine.redis.StartedEngine.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.start.RedisStartException;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lost connections and a server that is away for a moment: what was published is delivered, once and in order. */
class RedisInterruptionIntegrationTests {

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @RegisterExtension
    final TwoNodes nodes = new TwoNodes(() -> RedisEngineUnderTest.on(redis.get(), Duration.ofSeconds(1)));

    @AfterEach
    void resume() {
        redis.get().resume();
    }

    @Test
    void publicationsOfAnInterruptionAreDeliveredInOrder() {
        nodes.second().subscribe(CHANNEL);
        nodes.second().read(CHANNEL);

        for (int i = 1; i <= 200; i++) {
            nodes.first().publish(CHANNEL, String.valueOf(i));
            if (i % 50 == 25) {
                redis.get().execute("CLIENT", "KILL", "TYPE", "pubsub");
            }
        }

        List<String> all =
                IntStream.rangeClosed(1, 200).mapToObj(String::valueOf).toList();
        eventually(() -> assertThat(nodes.second().listener.texts(CHANNEL)).isEqualTo(all));
        assertThat(nodes.second().listener.disturbed()).isEmpty();
        assertThat(nodes.second().listener.overlapped()).isEmpty();
    }

    @Test
    void interruptionWithoutALaterPublicationIsFilledToo() {
        nodes.second().subscribe(CHANNEL);
        nodes.first().publish(CHANNEL, "1");
        eventually(() -> assertThat(nodes.second().listener.texts(CHANNEL)).containsExactly("1"));

        redis.get().execute("CLIENT", "KILL", "TYPE", "pubsub");
        nodes.first().publish(CHANNEL, "2");

        eventually(() -> assertThat(nodes.second().listener.texts(CHANNEL)).containsExactly("1", "2"));
        eventually(() -> assertThat(nodes.second().engine.statistics().events(Event.RESYNC_COMPLETE))
                .isPositive());
    }

    @Test
    void commandsOfAnInterruptionAreRunOnceAndInOrder() {
        List<ControlCommand> commands = LongStream.rangeClosed(1, 60)
                .<ControlCommand>mapToObj(
                        i -> new ControlCommand.RefreshClients(ClientSelector.user("42"), false, i, null))
                .toList();

        for (int i = 0; i < commands.size(); i++) {
            get(nodes.first().engine.controlBus().broadcast(commands.get(i)));
            if (i % 20 == 10) {
                redis.get().execute("CLIENT", "KILL", "TYPE", "pubsub");
            }
        }

        assertThat(nodes.first().node.commands()).isEqualTo(commands);
        eventually(() -> assertThat(nodes.second().node.commands()).isEqualTo(commands));
    }

    @Test
    void publishWithAKeyIsRepeatedAfterATimeoutAndDoneOnce() {
        AppendOptions once = AppendOptions.keeping(StartedEngine.HISTORY).withIdempotencyKey("key");
        redis.get().pause();
        CompletableFuture<PublishResult> result = nodes.first()
                .engine
                .broker()
                .publish(CHANNEL, Publication.of(Payload.ofText("1")), once)
                .toFuture();
        nodes.engines().pass(Duration.ofMillis(1300));

        redis.get().resume();

        assertThat(result.join().position().offset()).isOne();
        assertThat(texts(nodes.second().read(CHANNEL))).containsExactly("1");
    }

    @Test
    void publishWithoutAKeyFailsAfterATimeoutAndIsNotRepeated() {
        redis.get().pause();

        assertThatThrownBy(() -> nodes.first().publish(CHANNEL, "1"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("`realtime.redis.read-timeout`");

        redis.get().resume();
        eventually(() -> assertThat(texts(nodes.second().read(CHANNEL))).containsExactly("1"));
        assertThat(nodes.first().engine.statistics().errors("timeout")).isPositive();
    }

    @Test
    void nodeThatStopsIsNoLongerAmongTheLivingAndOthersAnswerAtOnce() {
        StartedEngine third = new StartedEngine(nodes.engines().newEngine(), "third");
        eventually(
                () -> assertThat(get(nodes.first().engine.controlBus().nodes())).hasSize(3));

        third.stop();

        assertThat(get(nodes.first().engine.controlBus().nodes())).hasSize(2);
        assertThat(get(nodes.first()
                        .engine
                        .controlBus()
                        .survey(new dev.realtime.spi.engine.ControlQuestion.Channels(""))
                        .collectList()))
                .hasSize(2);
    }

    @Test
    void otherNumberOfPartitionsStopsTheStart() {
        RedisEngine other = nodes.engines().newEngine(64);
        other.broker().start(new dev.realtime.spi.engine.RecordingBrokerListener());
        other.controlBus().start(new dev.realtime.spi.engine.RecordingNodeHandler("other"));

        assertThatThrownBy(() -> get(other.start()))
                .isInstanceOf(RedisStartException.class)
                .hasMessageContaining("`realtime.redis.partitions` is 64")
                .hasMessageContaining("Set `realtime.redis.partitions=128`");
    }

    @Test
    void positionOfAnUnusedStreamIsLearnedSoThatTheFirstPublicationIsNotMissed() {
        nodes.second().subscribe(CHANNEL);
        StreamPosition unused = nodes.second().read(CHANNEL).position();

        redis.get().execute("CLIENT", "KILL", "TYPE", "pubsub");
        nodes.first().publish(CHANNEL, "1");

        assertThat(unused.offset()).isZero();
        eventually(() -> assertThat(nodes.second().listener.texts(CHANNEL)).containsExactly("1"));
    }
}
