package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Publishes numbers to one name, one every few milliseconds, and compares them with what another node received. */
final class NumberedStream implements AutoCloseable {

    private static final int MILLIS_BETWEEN = 10;

    private final LinkRig publisher;

    private final LinkRig subscriber;

    private final int partition;

    private final String name;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    private final AtomicInteger published = new AtomicInteger();

    /** Number -> when it was sent. */
    private final Map<Integer, Long> sent = new ConcurrentHashMap<>();

    /** Number -> when the server took it. */
    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

    private final AtomicInteger failed = new AtomicInteger();

    private NumberedStream(LinkRig publisher, LinkRig subscriber, int partition, String name) {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.partition = partition;
        this.name = name;
    }

    /** Begins to publish; the subscriber is subscribed already. */
    static NumberedStream from(LinkRig publisher, LinkRig subscriber, int partition, String name) {
        NumberedStream stream = new NumberedStream(publisher, subscriber, partition, name);
        stream.timer.scheduleAtFixedRate(stream::publish, 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
        stream.awaitDelivery();
        return stream;
    }

    private void publish() {
        int number = published.incrementAndGet();
        sent.put(number, System.nanoTime());
        publisher.publish(partition, name, Integer.toString(number)).whenComplete((receivers, failure) -> {
            if (failure == null) {
                acknowledged.put(number, System.nanoTime());
            } else {
                failed.incrementAndGet();
            }
        });
    }

    /** Returns when something that is published from now on was delivered. */
    void awaitDelivery() {
        int from = published.get();
        LinkRig.await("delivery of what is published now")
                .until(() -> received().stream().anyMatch(number -> number > from));
    }

    List<Integer> received() {
        return subscriber.textsOf(name).stream().map(Integer::valueOf).toList();
    }

    /**
     * Stops and checks what holds in any fault: nothing twice. Returns how many that were acknowledged did not arrive,
     * and prints the longest pause between two deliveries.
     *
     * <p>Across a failover there is no order: what the old primary took is forwarded to the new one by the cluster bus,
     * which may take longer than what is published there directly, and a server that was frozen runs what waits in its
     * sockets when it continues. Channels with history are put in order by their offsets.
     */
    int checkAcrossFailover(String what) {
        return finish(what).size();
    }

    /**
     * The same where the primary stays: what was sent in order, one after the other was acknowledged, arrives in order.
     * Publications in progress together may overtake each other while the driver follows a redirect.
     */
    int check(String what) {
        Set<Integer> lost = finish(what);
        assertThat(swapped(received())).as("out of order").isEmpty();
        return lost.size();
    }

    private Set<Integer> finish(String what) {
        timer.shutdown();
        int last = published.get();
        LinkRig.await("the last replies").until(() -> acknowledged.size() + failed.get() == last);
        LinkRig.await("the last message")
                .until(() -> !acknowledged.containsKey(last) || received().contains(last));
        List<Integer> received = received();
        assertThat(received).as("no duplicates").doesNotHaveDuplicates();
        Set<Integer> lost = acknowledged.keySet().stream()
                .filter(number -> number > received.get(0) && !received.contains(number))
                .collect(Collectors.toSet());
        System.out.printf(
                "%s: longest gap %d ms, %d published, %d failed, %d acknowledged and not delivered live%n",
                what, longestGapMillis(), last, failed.get(), lost.size());
        return lost;
    }

    /**
     * Pairs of which the first one was acknowledged before the second one was sent, and which arrived the other way
     * round.
     */
    private List<String> swapped(List<Integer> received) {
        List<String> swapped = new ArrayList<>();
        for (int index = 1; index < received.size(); index++) {
            int late = received.get(index);
            Long takenAt = acknowledged.get(late);
            for (int earlier : received.subList(0, index)) {
                if (takenAt != null && earlier > late && takenAt < sent.get(earlier)) {
                    swapped.add(late + " after " + earlier);
                }
            }
        }
        return swapped;
    }

    long longestGapMillis() {
        List<Long> times = new ArrayList<>();
        for (LinkRig.Delivery delivery : subscriber.deliveries) {
            if (delivery.name().equals(name)) {
                times.add(delivery.atNanos());
            }
        }
        long longest = 0;
        for (int index = 1; index < times.size(); index++) {
            longest = Math.max(longest, times.get(index) - times.get(index - 1));
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
