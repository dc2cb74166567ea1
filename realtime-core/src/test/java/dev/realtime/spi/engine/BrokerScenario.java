package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.EngineCalls.get;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A started {@link Broker} to test, with what the tests do to it most. */
interface BrokerScenario {

    HistoryOptions HISTORY = history(100, 60, 3600);

    AppendOptions KEPT = AppendOptions.keeping(HISTORY);

    HistoryQuery ALL = new HistoryQuery(-1, null, false);

    String CHANNEL = "chat:room";

    /** Longer than a time-to-live of one second, shorter than one of two. */
    Duration OVER_A_SECOND = Duration.ofMillis(1200);

    /** Maximum time that a publication from before a subscription may be in flight. */
    Duration MOMENT = Duration.ofMillis(200);

    /** The broker of the node under test. */
    Broker broker();

    /** The broker of another node of the same deployment; {@link #broker()} where a node is always alone. */
    Broker another();

    /** Records what {@link #broker()} delivers. */
    RecordingBrokerListener listener();

    /** Records what {@link #another()} delivers, unless the node is alone. */
    RecordingBrokerListener anotherListener();

    /** Lets time pass for all of them. */
    void pass(Duration time);

    default boolean isAlone() {
        return another() == broker();
    }

    static HistoryOptions history(int size, int ttlSeconds, int metaTtlSeconds) {
        return new HistoryOptions(size, Duration.ofSeconds(ttlSeconds), Duration.ofSeconds(metaTtlSeconds));
    }

    static Publication publication(String text) {
        return Publication.of(text(text));
    }

    static Payload text(String text) {
        return Payload.ofText(text);
    }

    static Payload binary() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return Payload.of(bytes);
    }

    static ClientInfo info(
            String userId, String clientId, @Nullable Payload connectionInfo, @Nullable Payload channelInfo) {
        return new ClientInfo(userId, clientId, connectionInfo, channelInfo);
    }

    /** A position of which only the offset counts. */
    static StreamPosition at(long offset) {
        return new StreamPosition(offset, "");
    }

    default void subscribe(String channel) {
        get(broker().subscribe(channel));
    }

    default PublishResult publish(String text) {
        return publish(text, HISTORY);
    }

    default PublishResult publish(String text, HistoryOptions history) {
        return get(broker().publish(CHANNEL, publication(text), AppendOptions.keeping(history)));
    }

    default PublishResult publishVersion(long version, String versionEpoch) {
        return get(broker().publish(CHANNEL, publication("v" + version), KEPT.withVersion(version, versionEpoch)));
    }

    /** Publishes 1, 2, ... and returns the position of the last. */
    default StreamPosition publishNumbers(int count) {
        StreamPosition last = StreamPosition.NONE;
        for (int i = 1; i <= count; i++) {
            last = publish("" + i).position();
        }
        return last;
    }

    default HistoryResult read(HistoryQuery query) {
        return get(broker().history(CHANNEL, query, HISTORY));
    }

    static List<String> texts(HistoryResult result) {
        return result.publications().stream()
                .map(publication -> publication.data().text())
                .toList();
    }

    /** Runs a task on several threads at the same time; returns the result of each. */
    static <T> List<T> together(int threads, IntFunction<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Callable<T>> tasks = IntStream.range(0, threads)
                    .<Callable<T>>mapToObj(thread -> () -> {
                        start.await();
                        return work.apply(thread);
                    })
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
