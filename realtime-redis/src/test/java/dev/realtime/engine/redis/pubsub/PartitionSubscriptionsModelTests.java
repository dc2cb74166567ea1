package dev.realtime.engine.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.monitor.RedisStatistics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random calls, topology changes and replies, compared with what must hold whatever happens. Each server runs the
 * commands it was sent in order, and what it says arrives in order; beyond that anything may be interleaved with
 * anything. Every message is numbered per name: a subscriber must see each once and in order, or be notified that it
 * may have missed some. Then it reads all that was published until that moment, as the broker does.
 */
class PartitionSubscriptionsModelTests {

    private static final int STEPS = 5_000;

    private static final int NAMES = 6;

    /**
     * A server with one connection: what it was sent, whom it publishes to, and what it sent that has not arrived yet.
     */
    private static final class Server {

        private final Queue<SubscriptionBatch> commands = new ArrayDeque<>();

        private final Set<String> subscribed = new HashSet<>();

        private final Queue<Runnable> pending = new ArrayDeque<>();
    }

    private final PartitionSubscriptions partition = new PartitionSubscriptions(0, new RedisStatistics());

    /** Per name the last number that the listener knows of; absent while it does not care. */
    private final Map<String, Integer> known = new HashMap<>();

    private final Map<String, Integer> delivered = new HashMap<>();

    private final Map<String, Integer> published = new HashMap<>();

    private final List<String> faults = new ArrayList<>();

    private Server owner = new Server();

    private final List<Server> servers = new ArrayList<>(List.of(owner));

    private final SubscriptionListener listener = new SubscriptionListener() {
        @Override
        public void onMessage(int from, byte[] name, byte[] message) {
            String text = text(name);
            int number = Integer.parseInt(text(message));
            int before = delivered.getOrDefault(text, 0);
            if (number <= before) {
                faults.add(text + " " + number + " after " + before);
            }
            delivered.put(text, number);
            Integer last = known.get(text);
            if (last == null) {
                faults.add(text + " " + number + " is not wanted");
            } else if (number > last + 1) {
                faults.add(text + " lost something between " + last + " and " + number);
            }
            known.put(text, Math.max(number, last == null ? 0 : last));
        }

        @Override
        public void onResubscribed(int from, Collection<byte[]> names) {
            // As the broker does: reads what was published until now.
            names.forEach(name -> known.put(text(name), lastPublishedOf(text(name))));
        }
    };

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int lastPublishedOf(String name) {
        return published.getOrDefault(name, 0);
    }

    private final class Message implements Runnable {

        private final Server from;

        private final String name;

        private final int number;

        private Message(Server from, String name, int number) {
            this.from = from;
            this.name = name;
            this.number = number;
        }

        @Override
        public void run() {
            partition.message(from, bytes(name), bytes(Integer.toString(number)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nothingIsLostOrRepeatedWithoutAWord(long seed) {
        Random random = new Random(seed);
        partition.assign(owner);

        for (int step = 0; step < STEPS; step++) {
            String name = "name" + random.nextInt(NAMES);
            switch (random.nextInt(12)) {
                case 0 -> subscribe(name);
                case 1 -> unsubscribe(name);
                case 2 -> publish(name);
                case 3 -> publish(name);
                case 4 -> send();
                case 5 -> work(random, false);
                case 6 -> work(random, false);
                case 7 -> hear(random);
                case 8 -> hear(random);
                case 9 -> hear(random);
                case 10 -> {
                    if (random.nextInt(20) == 0) {
                        move();
                    } else if (random.nextInt(20) == 0) {
                        withdraw(name);
                    }
                }
                default -> work(random, random.nextInt(10) == 0);
            }
        }
        settle();

        assertThat(faults).as("seed %d", seed).isEmpty();
        known.keySet()
                .forEach(name -> assertThat(partition.isConfirmed(bytes(name)))
                        .as("%s with seed %d", name, seed)
                        .isTrue());
        known.forEach((name, last) ->
                assertThat(last).as("last of %s with seed %d", name, seed).isEqualTo(published.getOrDefault(name, 0)));
    }

    private void subscribe(String name) {
        NameSubscription.Waiter waiter = new NameSubscription.Waiter() {
            @Override
            public void confirmed() {
                known.put(name, lastPublishedOf(name));
            }

            @Override
            public void failed(String why) {
                known.remove(name);
            }
        };
        if (!known.containsKey(name) && partition.subscribe(bytes(name), listener, true, waiter)) {
            waiter.confirmed();
        }
    }

    private void unsubscribe(String name) {
        known.remove(name);
        partition.unsubscribe(bytes(name)).forEach(waiter -> waiter.failed("withdrawn"));
    }

    private void publish(String name) {
        int number = published.merge(name, 1, Integer::sum);
        if (owner.subscribed.contains(name)) {
            owner.pending.add(new Message(owner, name, number));
        }
    }

    private void send() {
        SubscriptionBatch batch = partition.nextBatch();
        if (batch != null) {
            owner.commands.add(batch);
        }
    }

    /** A server runs a command, or refuses it. */
    private void work(Random random, boolean refuses) {
        Server server = servers.get(random.nextInt(servers.size()));
        SubscriptionBatch batch = server.commands.poll();
        if (batch == null) {
            return;
        }
        if (refuses && batch.subscribe() || server != owner) {
            server.pending.add(() -> partition.failed(batch));
            return;
        }
        for (byte[] name : batch.names()) {
            if (batch.subscribe()) {
                server.subscribed.add(text(name));
                server.pending.add(() -> partition.confirmed(server, name).forEach(NameSubscription.Waiter::confirmed));
            } else {
                server.subscribed.remove(text(name));
                server.pending.add(() -> partition.ended(server, name));
            }
        }
    }

    private void hear(Random random) {
        Runnable next = servers.get(random.nextInt(servers.size())).pending.poll();
        if (next != null) {
            next.run();
        }
    }

    /** The slot withdraws a name, as it does when it is moved away and back immediately. */
    private void withdraw(String name) {
        Server server = owner;
        if (server.subscribed.remove(name)) {
            server.pending.add(() -> partition.ended(server, bytes(name)));
        }
    }

    /** Another server owns the slot from now on; the old one may say more. */
    private void move() {
        owner.subscribed.clear();
        owner = new Server();
        servers.add(owner);
        partition.assign(owner);
    }

    /** Continues until nothing is in progress. */
    private void settle() {
        Random random = new Random(0);
        for (int round = 0; round < STEPS; round++) {
            send();
            work(random, false);
            hear(random);
        }
        servers.removeIf(server -> server != owner);
        for (int round = 0; round < STEPS; round++) {
            send();
            work(random, false);
            hear(random);
        }
    }
}
