package dev.realtime.engine.redis;

import dev.realtime.engine.EngineException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Commands to all nodes: published, and kept for some minutes, so that a node whose subscription was interrupted reads what it
 * missed. Commands reach the receiver once each, in the order in which they were sent.
 *
 * <p>Lock: the monitor of this object; the receiver is called under it, since that is what keeps the order, and must return at
 * once. It is contended only while something missed is read.
 */
final class CommandLog {

    private static final Logger logger = LoggerFactory.getLogger(CommandLog.class);

    private static final byte[] KEPT = text("10000");

    private static final byte[] KEPT_MILLIS = text(Long.toString(TimeUnit.MINUTES.toMillis(10)));

    private static final int PAGE = 500;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private final RedisParts parts;

    private final int partition;

    private final Consumer<byte[]> receiver;

    private final byte[] stream;

    private final byte[] name;

    /** The latest command that came, or the latest there was at the start. Guarded by this. */
    private CommandId latest = CommandId.NONE;

    /** Whether {@link #latest} is known, so that what is missed can be told. Guarded by this. */
    private boolean known;

    /** Whether what was missed is being read; it is read again if another interruption comes. Guarded by this. */
    private boolean reading;

    private boolean readAgain;

    private volatile boolean stopped;

    /** @param receiver of what other nodes and this one send */
    CommandLog(RedisParts parts, int partition, Consumer<byte[]> receiver) {
        this.parts = parts;
        this.partition = partition;
        this.receiver = receiver;
        this.stream = parts.keys().commands();
        this.name = parts.keys().controlName();
    }

    /** Learns where the log ends; to be called when the name is subscribed to. */
    Mono<Void> start() {
        return parts.scripts()
                .run(missed(""))
                .doOnNext(reply -> {
                    CommandId end = CommandId.of((byte[]) reply.get(0));
                    synchronized (this) {
                        known = true;
                        latest = end.isAfter(latest) ? end : latest;
                    }
                })
                .then();
    }

    void stop() {
        stopped = true;
    }

    Mono<Void> send(byte[] command) {
        byte[] publish = text(parts.link().sharded() ? "SPUBLISH" : "PUBLISH");
        ScriptRequest<byte[]> request = new ScriptRequest<>(
                Script.CONTROL_SEND,
                partition,
                new byte[][] {stream},
                new byte[][] {command, KEPT, KEPT_MILLIS, publish, name},
                ScriptRequest::bytes,
                // Commands may be run twice: disconnecting who is gone, or moving a deadline to where it is, changes
                // nothing.
                true,
                "Sending a command to all nodes, over bus",
                "control");
        return parts.scripts().run(request).then();
    }

    /** A message of the form {@code c<id>:<command>} arrived. */
    void onMessage(byte[] message) {
        int colon = 1;
        while (colon < message.length && message[colon] != ':') {
            colon++;
        }
        if (colon >= message.length) {
            throw new UnreadableException("a command without an id");
        }
        CommandId id = CommandId.of(Arrays.copyOfRange(message, 1, colon));
        receive(id, Arrays.copyOfRange(message, colon + 1, message.length));
    }

    private synchronized void receive(CommandId id, byte[] command) {
        if (reading) {
            // What is read from the log has it, in its order.
            readAgain = true;
        } else if (id.isAfter(latest)) {
            latest = id;
            receiver.accept(command);
        }
    }

    /** Messages may have been missed. */
    void onInterruption() {
        synchronized (this) {
            if (!known || reading) {
                readAgain = reading;
                return;
            }
            reading = true;
        }
        read(FIRST_PAUSE_MILLIS);
    }

    private void read(long pauseMillis) {
        if (stopped) {
            return;
        }
        String after;
        synchronized (this) {
            readAgain = false;
            after = latest.toString();
        }
        parts.scripts().run(missed(after), new ScriptCall.Observer<>() {

            @Override
            public void succeeded(List<Object> reply) {
                if (receiveAll(reply)) {
                    read(FIRST_PAUSE_MILLIS);
                }
            }

            @Override
            public void failed(EngineException error) {
                logger.debug("Missed commands could not be read, tried again: {}", error.toString());
                long next = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
                try {
                    parts.scripts()
                            .scheduler()
                            .schedule(
                                    () -> read(next),
                                    pauseMillis / 2
                                            + ThreadLocalRandom.current().nextLong(pauseMillis),
                                    TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    logger.debug("The engine has stopped, nothing is read any more");
                }
            }
        });
    }

    /** Whether there may be more. */
    private synchronized boolean receiveAll(List<Object> reply) {
        CommandId end = CommandId.of((byte[]) reply.get(0));
        if (latest.isAfter(end)) {
            // Another log, from its beginning.
            latest = CommandId.NONE;
        }
        List<?> entries = (List<?>) reply.get(1);
        for (Object entry : entries) {
            CommandId id = CommandId.of((byte[]) ((List<?>) entry).get(0));
            List<?> fields = (List<?>) ((List<?>) entry).get(1);
            if (id.isAfter(latest)) {
                latest = id;
                receiver.accept((byte[]) fields.get(1));
            }
        }
        if (entries.size() == PAGE || readAgain) {
            return true;
        }
        reading = false;
        return false;
    }

    private ScriptRequest<List<Object>> missed(String after) {
        return new ScriptRequest<>(
                Script.CONTROL_MISSED,
                partition,
                new byte[][] {stream},
                new byte[][] {text(after), text(Integer.toString(PAGE))},
                ScriptRequest::list,
                true,
                "Reading commands to all nodes, of bus",
                "control");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
