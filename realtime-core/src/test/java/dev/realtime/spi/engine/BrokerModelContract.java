package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Compares a {@link Broker} with {@link StreamModel} over random histories of one channel: publishes of all kinds,
 * reads from anywhere, removals and time. Each sequence has its own seed, named when it fails, and its own channel.
 */
public abstract class BrokerModelContract {

    private static final int STEPS = 60;

    private EngineUnderTest underTest;

    private Broker broker;

    private final RecordingBrokerListener listener = new RecordingBrokerListener();

    /** A new engine to test. */
    protected abstract EngineUnderTest underTest();

    /** How many sequences to try. */
    protected abstract int sequences();

    /** Returns whether hours may pass in a sequence. */
    protected abstract boolean isTimeVirtual();

    @BeforeEach
    void startEngine() {
        underTest = underTest();
        Engine engine = underTest.engine();
        EngineCalls.start(engine, listener);
        broker = engine.broker();
    }

    @AfterEach
    void stopEngine() {
        get(underTest.engine().stop());
        underTest.close();
    }

    @Test
    void brokerBehavesLikeTheModel() {
        for (int seed = 0; seed < sequences(); seed++) {
            new Sequence(seed).run();
        }
    }

    /** One random history of one channel. */
    private final class Sequence {

        private static final Duration LONG = Duration.ofHours(1);

        private final String channel;

        private final Random random;

        private final StreamModel model = new StreamModel();

        /** Life in the model to the epoch it was first seen with. */
        private final Map<Integer, String> epochs = new HashMap<>();

        private final List<String> delivered = new ArrayList<>();

        private String step = "start";

        Sequence(int seed) {
            this.channel = "seed-" + seed;
            this.random = new Random(seed);
        }

        void run() {
            get(broker.subscribe(channel));
            for (int i = 0; i < STEPS; i++) {
                step = channel + " step " + i + ": ";
                switch (random.nextInt(isTimeVirtual() ? 10 : 7)) {
                    case 0, 1, 2, 3 -> publish("\"" + i + "\"");
                    case 4, 5 -> read();
                    case 6 -> removeSometimes();
                    default -> pass();
                }
            }
            assertDelivered();
            get(broker.unsubscribe(channel));
        }

        private void publish(String text) {
            AppendOptions options = new AppendOptions(
                    random.nextInt(5) == 0 ? HistoryOptions.NONE : history(),
                    pick("", "", "", "k1", "k2", "k3"),
                    random.nextInt(3) == 0 ? random.nextInt(6) : 0,
                    pick("", "a", "b"),
                    false);
            step += options;

            StreamModel.Published expected = model.publish(text, options);
            PublishResult actual = get(broker.publish(channel, Publication.of(Payload.ofText(text)), options));

            assertThat(actual.suppression()).as(step).isEqualTo(expected.suppression());
            assertPosition(actual.position(), expected.position());
            if (expected.suppression() == Suppression.NONE) {
                delivered.add(text);
            }
        }

        private void read() {
            StreamPosition since = random.nextBoolean() ? null : new StreamPosition(random.nextInt(40), "any");
            HistoryQuery query = new HistoryQuery(random.nextInt(8) - 1, since, random.nextBoolean());
            HistoryOptions history = history();
            step += query + " " + history;

            StreamModel.Read expected = model.read(query, history);
            HistoryResult actual = get(broker.history(channel, query, history));

            assertThat(actual.publications())
                    .as(step)
                    .extracting(publication -> publication.data().text())
                    .isEqualTo(expected.texts());
            assertPosition(actual.position(), expected.position());
        }

        private void removeSometimes() {
            if (random.nextInt(4) == 0) {
                model.removeHistory();
                get(broker.removeHistory(channel));
            }
        }

        private void pass() {
            long millis = 500L * random.nextInt(random.nextInt(4) == 0 ? 800 : 9);
            model.pass(millis);
            underTest.pass(Duration.ofMillis(millis));
        }

        private HistoryOptions history() {
            int size = 1 + random.nextInt(12);
            if (!isTimeVirtual()) {
                return new HistoryOptions(size, LONG, LONG);
            }
            int ttl = 1 + random.nextInt(5);
            return new HistoryOptions(size, Duration.ofSeconds(ttl), Duration.ofSeconds(ttl + random.nextInt(8)));
        }

        private String pick(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private void assertPosition(StreamPosition actual, StreamModel.Position expected) {
            assertThat(actual.offset()).as(step).isEqualTo(expected.offset());
            if (expected.life() == 0) {
                assertThat(actual.epoch()).as(step).isEmpty();
                return;
            }
            boolean known = epochs.containsKey(expected.life());
            if (!known) {
                assertThat(epochs).as(step).doesNotContainValue(actual.epoch());
                epochs.put(expected.life(), actual.epoch());
            }
            assertThat(actual.epoch()).as(step).isNotEmpty().isEqualTo(epochs.get(expected.life()));
        }

        private void assertDelivered() {
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (listener.texts(channel).size() < delivered.size() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(listener.texts(channel)).as(channel).isEqualTo(delivered);
        }
    }
}
