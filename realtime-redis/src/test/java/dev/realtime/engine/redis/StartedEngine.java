package dev.realtime.engine.redis;

import static org.awaitility.Awaitility.with;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.RecordingBrokerListener;
import dev.realtime.spi.engine.RecordingNodeHandler;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A started engine with what tests do to it most, each call waited for. */
public final class StartedEngine {

    public static final HistoryOptions HISTORY = new HistoryOptions(100, Duration.ofMinutes(1), Duration.ofHours(1));

    /** Longer than the engines under test may take to start on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    public final RedisEngine engine;

    public final RecordingBrokerListener listener = new RecordingBrokerListener();

    public final RecordingNodeHandler node;

    public StartedEngine(RedisEngine engine, String nodeId) {
        this.engine = engine;
        this.node = new RecordingNodeHandler(nodeId);
        engine.broker().start(listener);
        engine.controlBus().start(node);
        get(engine.start());
    }

    public static <T> T get(Mono<T> mono) {
        return mono.block(PATIENCE);
    }

    public static void eventually(ThrowingRunnable assertion) {
        with().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .await()
                .atMost(PATIENCE)
                .untilAsserted(assertion);
    }

    public StreamPosition publish(String channel, String text) {
        return publish(channel, text, AppendOptions.keeping(HISTORY)).position();
    }

    public PublishResult publish(String channel, String text, AppendOptions options) {
        return get(engine.broker().publish(channel, Publication.of(Payload.ofText(text)), options));
    }

    /** Publishes 1, 2, ... and returns the position of the last. */
    StreamPosition publishNumbers(String channel, int from, int to) {
        StreamPosition last = StreamPosition.NONE;
        for (int i = from; i <= to; i++) {
            last = publish(channel, Integer.toString(i));
        }
        return last;
    }

    public void subscribe(String channel) {
        get(engine.broker().subscribe(channel));
    }

    HistoryResult read(String channel) {
        return get(engine.broker().history(channel, new HistoryQuery(-1, null, false), HISTORY));
    }

    HistoryResult readAfter(String channel, StreamPosition since) {
        return get(engine.broker().history(channel, HistoryQuery.after(since, 300), HISTORY));
    }

    /** What a client gets that comes back at a place; read again while Redis cannot be reached. */
    Mono<HistoryResult> history(String channel, StreamPosition since) {
        return engine.broker()
                .history(channel, HistoryQuery.after(since, 300), HISTORY)
                .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(100)));
    }

    static List<String> texts(HistoryResult result) {
        return result.publications().stream()
                .map(publication -> publication.data().text())
                .toList();
    }

    public void stop() {
        get(engine.stop());
    }
}
