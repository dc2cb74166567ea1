package dev.realtime.command;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.failure.Boundary;
import dev.realtime.spi.engine.Broker;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Reads of streams for subscriptions that are being opened, shared by subscriptions that need the same read at the same
 * time: when a node ends, hundreds of its clients reconnect to one channel from one position.
 *
 * <p><b>Sharing.</b> A subscriber misses nothing because it buffers publications that arrive <em>before</em> its stream
 * is read. A subscriber that joined a read in progress could miss what was published between the two:
 *
 * <pre>
 *   A   in the hub, asks ---- read begins ..... engine reads: p1 p2 ............. answer p1 p2
 *   B                                                             in the hub, asks
 *   published                                                p3
 * </pre>
 *
 * B neither buffers p3 nor finds it in the result of A. So a read is shared only by subscriptions that requested it
 * before it began. Requests during a read wait for the next one, which begins when the first ends and serves all of
 * them. At most one read of a kind is in progress and one waits; nothing is kept without requests.
 *
 * <p>Called by any thread, by subscribers that are in the hub, after the engine confirmed the channel. No locks.
 */
final class SharedHistoryReads {

    private final Broker broker;

    /** Stream that is being read, and the subscriptions that wait for the next read. */
    private final ConcurrentMap<Read, Waiting> underWay = new ConcurrentHashMap<>();

    SharedHistoryReads(Broker broker) {
        this.broker = broker;
    }

    private record Read(String channel, HistoryQuery query, HistoryOptions options) {}

    /** @param answer result of the next read; {@code null} while there are no waiters */
    private record Waiting(Sinks.@Nullable One<HistoryResult> answer) {

        private static final Waiting NOBODY = new Waiting(null);

        private Waiting orSomebody() {
            return answer == null ? new Waiting(Sinks.one()) : this;
        }
    }

    /** Returns what {@link Broker#history} does, from a read of the stream that began after this was subscribed to. */
    Mono<HistoryResult> read(String channel, HistoryQuery query, HistoryOptions options) {
        Read read = new Read(channel, query, options);
        return Mono.defer(() -> {
            Sinks.One<HistoryResult> next = underWay.compute(
                            read, (same, waiting) -> waiting == null ? Waiting.NOBODY : waiting.orSomebody())
                    .answer();
            return next == null ? begin(read) : next.asMono();
        });
    }

    private Mono<HistoryResult> begin(Read read) {
        return Boundary.signalling(
                () -> broker.history(read.channel(), read.query(), read.options()), () -> ended(read));
    }

    private void ended(Read read) {
        // A waiter may be added between get and remove. Waiters are never removed, so the second iteration succeeds.
        while (true) {
            Waiting waiting = underWay.get(read);
            if (waiting == null) {
                return;
            }
            Sinks.One<HistoryResult> next = waiting.answer();
            if (next == null) {
                if (underWay.remove(read, waiting)) {
                    return;
                }
            } else if (underWay.replace(read, waiting, Waiting.NOBODY)) {
                begin(read).subscribe(next::tryEmitValue, next::tryEmitError, next::tryEmitEmpty);
                return;
            }
        }
    }
}
