package dev.realtime.engine.redis.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.spi.engine.RecordingBrokerListener;
import dev.realtime.spi.engine.RecordingBrokerListener.Continued;
import dev.realtime.spi.engine.RecordingBrokerListener.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A follower under random interleavings of publishing, arriving, losing, interruptions, reads that end late, trimming,
 * rollbacks and new streams; subscribers join at random moments as core's do: they hold back, read the stream, then
 * follow. Each must get every publication after its place once and in order, or be notified. Each sequence is named by
 * its seed.
 */
class StreamFollowerModelTests {

    private static final int SEQUENCES = 20_000;

    private static final int STEPS = 60;

    private static final String CHANNEL = "c";

    @Test
    void everySubscriberGetsEverythingOnceAndInOrderOrIsNotified() {
        int notified = 0;
        int complete = 0;
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Sequence sequence = new Sequence(seed);
            sequence.run();
            notified += sequence.notified();
            complete += sequence.complete();
        }

        // The model must meet both ends often, or it would prove nothing.
        assertThat(notified).isGreaterThan(SEQUENCES / 4);
        assertThat(complete).isGreaterThan(SEQUENCES / 4);
    }

    /** Follows the listener from one moment on, as a positioned subscription of core does. */
    private static final class Subscriber {

        private final int from;

        private final int disturbedBefore;

        private final StreamPosition start;

        private StreamPosition place;

        private final List<String> got = new ArrayList<>();

        private boolean notified;

        private boolean beyond;

        private final int continuedBefore;

        /** Whether what comes is of the epoch that was read, or of a later one. */
        private boolean arrived;

        Subscriber(StreamPosition place, int from, int continuedBefore, int disturbedBefore) {
            this.continuedBefore = continuedBefore;
            this.start = place;
            this.place = place;
            this.from = from;
            this.disturbedBefore = disturbedBefore;
        }

        void follow(RecordingBrokerListener listener) {
            List<Delivery> deliveries = listener.deliveries(CHANNEL);
            List<Continued> continued = listener.continued(CHANNEL);
            int next = 0;
            for (int i = 0; i <= deliveries.size(); i++) {
                for (; next < continued.size() && continued.get(next).after() <= i; next++) {
                    if (next >= continuedBefore) {
                        continueIn(continued.get(next));
                    }
                }
                if (i >= from && i < deliveries.size() && !take(deliveries.get(i))) {
                    notified = true;
                    return;
                }
            }
            notified = beyond || listener.disturbed().size() > disturbedBefore;
        }

        private void continueIn(Continued continued) {
            if (continued.end().epoch().equals(place.epoch())) {
                // A subscriber beyond the end is left where it is; the next comparison of the core notifies it.
                beyond |= place.offset() > continued.end().offset();
                place = new StreamPosition(place.offset(), continued.epoch());
            }
            arrived |= continued.epoch().equals(place.epoch());
        }

        private boolean take(Delivery delivery) {
            StreamPosition position = delivery.position();
            arrived |= position.epoch().equals(place.epoch());
            if (!arrived && position.offset() <= place.offset()) {
                // Of an epoch before the one that was read.
                return true;
            }
            if (!position.epoch().equals(place.epoch()) || position.offset() > place.offset() + 1) {
                return false;
            }
            if (position.offset() == place.offset() + 1) {
                place = position;
                got.add(delivery.publication().data().text());
            }
            return true;
        }
    }

    private static final class Sequence {

        private final int seed;

        private final Random random;

        private final ScriptedReads stream = new ScriptedReads();

        private final RecordingBrokerListener listener = new RecordingBrokerListener();

        private final RedisStatistics statistics = new RedisStatistics();

        private final StreamFollower follower = new StreamFollower(
                CHANNEL,
                new RedisKeys("realtime", new Partitions(1)).of(CHANNEL),
                listener,
                stream,
                stream,
                stream.budget,
                statistics,
                new GarbageLog(statistics));

        private final Queue<byte[]> underWay = new ArrayDeque<>();

        private final List<Subscriber> subscribers = new ArrayList<>();

        private boolean interrupted;

        private int epochs = 1;

        Sequence(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            settle();
            check();
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> underWay.add(stream.append());
                case 5, 6, 7, 8 -> arrive();
                case 9 -> interrupt();
                case 10, 11 -> stream.answer();
                case 12, 13 -> subscribe();
                case 14 -> {
                    if (random.nextInt(4) == 0) {
                        stream.trim(random.nextInt(4));
                    }
                }
                default -> anotherEpoch();
            }
        }

        private void arrive() {
            byte[] message = underWay.poll();
            if (message != null) {
                follower.onMessage(message);
            }
        }

        /** Loses messages in flight, or some of them; the manager reports it now or a little later. */
        private void interrupt() {
            int lost = random.nextInt(underWay.size() + 1);
            for (int i = 0; i < lost; i++) {
                underWay.poll();
            }
            interrupted = true;
            if (random.nextBoolean()) {
                tellOfInterruption();
            }
        }

        private void tellOfInterruption() {
            if (interrupted) {
                interrupted = false;
                follower.onInterruption();
            }
        }

        private void subscribe() {
            int from = listener.deliveries(CHANNEL).size();
            int disturbed = listener.disturbed().size();
            int continued = listener.continued(CHANNEL).size();
            int interruptions = follower.interruptions();
            StreamPosition read = stream.position();
            StreamRead end = stream.end();
            if (random.nextInt(3) == 0) {
                underWay.add(stream.append());
                arrive();
            }
            follower.learn(end, interruptions);
            subscribers.add(new Subscriber(read, from, continued, disturbed));
        }

        private void anotherEpoch() {
            if (random.nextInt(8) != 0) {
                return;
            }
            String next = "e" + ++epochs;
            if (random.nextInt(3) == 0) {
                stream.begin(next);
            } else {
                int most = Math.min(3, stream.kept());
                stream.rollBack(most == 0 ? 0 : random.nextInt(most + 1), next);
            }
        }

        /**
         * In the end everything arrives, interruptions are reported, and core checks positions as it does from time to
         * time.
         */
        private void settle() {
            tellOfInterruption();
            while (!underWay.isEmpty()) {
                arrive();
            }
            stream.answerAll();
            follower.onInterruption();
            stream.answerAll();
            subscribers.forEach(subscriber -> subscriber.follow(listener));
        }

        private void check() {
            assertThat(listener.overlapped()).as("seed " + seed).isEmpty();
            assertThat(stream.reserved()).as("seed " + seed).isZero();
            String epoch = "";
            long last = 0;
            for (Delivery delivery : listener.deliveries(CHANNEL)) {
                StreamPosition position = delivery.position();
                if (position.epoch().equals(epoch)) {
                    assertThat(position.offset()).as("seed " + seed).isGreaterThan(last);
                }
                epoch = position.epoch();
                last = position.offset();
                assertThat(delivery.publication().data().text())
                        .as("seed " + seed)
                        .endsWith("-" + position.offset() + "\"");
            }
            for (Subscriber subscriber : subscribers) {
                if (!subscriber.notified) {
                    assertThat(subscriber.place).as("seed " + seed).isEqualTo(stream.position());
                    assertThat(subscriber.got).as("seed " + seed).isEqualTo(stream.after(subscriber.start.offset()));
                }
            }
        }

        int notified() {
            return (int) subscribers.stream()
                    .filter(subscriber -> subscriber.notified)
                    .count();
        }

        int complete() {
            return subscribers.size() - notified();
        }
    }
}
