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
 * Reads of streams for subscriptions that are being opened, made once for all who ask the same at the same moment: when
 * a node ends, hundreds of its clients come back to one channel from one position.
 *
 * <p>Who may share a read? A subscriber misses nothing because it holds back what arrives <em>before</em> its stream is
 * read. One that joined a read already in progress could miss what was published between the two:
 *
 * <pre>
 *   A   in the hub, asks ---- read begins ..... engine reads: p1 p2 ............. answer p1 p2
 *   B                                                             in the hub, asks
 *   published                                                p3
 * </pre>
 *
 * B neither holds p3 back nor finds it in the result of A. So a read is shared only by those who asked before it began.
 * Who asks while one is in progress waits for the next, which begins when that one ends, and serves all who came
 * meanwhile. At most one read of a kind is in progress and one waits; nothing is kept when none is asked for.
 *
 * <p>Called by any thread, by subscribers that are in the hub, after the engine confirmed the channel. No locks.
 */
final class SharedHistoryReads {

    private final Broker broker;

    /** What is being read, and who waits for the next time it is. */
    private final ConcurrentMap<Read, Waiting> underWay = new ConcurrentHashMap<>();

    SharedHistoryReads(Broker broker) {
        this.broker = broker;
    }

    private record Read(String channel, HistoryQuery query, HistoryOptions options) {}

    /** @param answer result of the next read; {@code null} while nobody waits for one */
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
        // Somebody may come to wait in between, and then nobody leaves: the second round succeeds at the latest.
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
