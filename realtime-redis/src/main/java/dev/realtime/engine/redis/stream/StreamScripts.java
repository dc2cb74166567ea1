package dev.realtime.engine.redis.stream;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.format.ChannelMessage;
import dev.realtime.engine.redis.key.ChannelBytes;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import dev.realtime.spi.engine.AppendOptions;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The scripts of streams with their arguments. */
public final class StreamScripts {

    /** Channels that one call of {@link #epochs} or {@link #positions} serves at most. */
    public static final int MOST_CHANNELS = 200;

    /** Publications after which a stream is trimmed at the latest. */
    private static final int MOST_UNTRIMMED = 16;

    private static final byte[] ZERO = text("0");

    private static final byte[] FORWARD = text("XRANGE");

    private static final byte[] BACKWARD = text("XREVRANGE");

    private static final byte[] NOTHING = {};

    private static final byte[] OLDEST = text("-");

    private static final byte[] NEWEST = text("+");

    private static final byte[] WINDOW = text(AppendOptions.IDEMPOTENCY_WINDOW.toMillis());

    private final GarbageLog garbage;

    /** Distinguishes the epochs that this node begins from those of others. */
    private final String node = Long.toString(new SecureRandom().nextLong(), Character.MAX_RADIX) + '/';

    private final AtomicLong calls = new AtomicLong();

    public StreamScripts(GarbageLog garbage) {
        this.garbage = garbage;
    }

    /** Publishes with history. */
    public ScriptRequest<PublishReply> publish(
            String channel, RedisKeys.ChannelKeys keys, byte[] publication, AppendOptions options) {
        HistoryOptions history = options.history();
        boolean once = !options.idempotencyKey().isEmpty();
        byte[][] scriptKeys = once
                ? new byte[][] {keys.meta(), keys.stream(), keys.once(options.idempotencyKey())}
                : new byte[][] {keys.meta(), keys.stream()};
        byte[][] arguments = Arrays.copyOf(
                new byte[][] {
                    publication,
                    text(history.size()),
                    text(trimmingStep(history.size())),
                    text(history.metaTtl().toMillis()),
                    text(history.ttl().toMillis()),
                    token(),
                    ScriptRequest.PUBLISH_COMMAND,
                    keys.name()
                },
                once || options.version() != 0 ? 11 : 8);
        if (arguments.length > 8) {
            arguments[8] = WINDOW;
            arguments[9] = options.version() == 0 ? ZERO : text(Long.toUnsignedString(options.version()));
            arguments[10] = options.versionEpoch().isEmpty() ? NOTHING : ChannelBytes.of(options.versionEpoch());
        }
        return new ScriptRequest<>(
                        Script.PUBLISH,
                        keys.partition(),
                        scriptKeys,
                        arguments,
                        PublishOutput::new,
                        once,
                        "Publishing to channel",
                        channel)
                .withEcho(new ScriptRequest.Echo<>(
                        keys.name(),
                        reply -> reply.result().suppression() == PublishResult.Suppression.NONE
                                ? ChannelMessage.withHistory(
                                        publication, reply.result().position())
                                : null));
    }

    /** Returns after how many publications a stream is trimmed: it has less than a quarter too much until then. */
    private static int trimmingStep(int size) {
        return Math.max(1, Math.min(MOST_UNTRIMMED, size / 4));
    }

    /** Publishes without history, under an idempotency key. */
    public ScriptRequest<PublishReply> publishOnce(
            String channel, RedisKeys.ChannelKeys keys, byte[] message, String idempotencyKey) {
        return new ScriptRequest<>(
                        Script.PUBLISH_ONCE,
                        keys.partition(),
                        new byte[][] {keys.once(idempotencyKey)},
                        new byte[][] {message, WINDOW, ScriptRequest.PUBLISH_COMMAND, keys.name()},
                        PublishOutput::new,
                        true,
                        "Publishing to channel",
                        channel)
                .withEcho(new ScriptRequest.Echo<>(
                        keys.name(),
                        reply -> reply.result().suppression() == PublishResult.Suppression.NONE ? message : null));
    }

    /** Reads for a caller: a stream is begun if there is none, and lives on. */
    public ScriptRequest<List<Object>> history(
            String channel, RedisKeys.ChannelKeys keys, HistoryQuery query, HistoryOptions options) {
        return history(channel, keys, query, text(options.metaTtl().toMillis()));
    }

    /** Reads for the engine itself: nothing is begun, and nothing lives longer for it. */
    public ScriptRequest<List<Object>> peek(String channel, RedisKeys.ChannelKeys keys, HistoryQuery query) {
        return history(channel, keys, query, ZERO);
    }

    /**
     * Reads the positions of many channels of one partition. Begins no stream and no epoch: what {@link #position}
     * makes of the reply is empty where {@link #history} has to.
     *
     * @param metaTtls time-to-live of each position, which starts again; empty to keep none
     */
    public static ScriptRequest<List<Object>> positions(int partition, byte[][] metas, List<Duration> metaTtls) {
        ScriptRequest<List<Object>> request = new ScriptRequest<>(
                Script.POSITIONS,
                partition,
                metas,
                metaTtls.stream().map(ttl -> text(ttl.toMillis())).toArray(byte[][]::new),
                ScriptRequest::list,
                true,
                "Reading the positions of channels of partition",
                String.valueOf(partition));
        return inParts(
                request,
                index -> positions(
                        partition,
                        new byte[][] {metas[index]},
                        metaTtls.isEmpty() ? List.of() : List.of(metaTtls.get(index))));
    }

    /**
     * Returns what the reply to {@link #positions} says of the channel with this index; without an epoch if it has to
     * be read.
     */
    public static StreamPosition position(List<Object> reply, int index) {
        String epoch = new String((byte[]) reply.get(2 * index + 1), StandardCharsets.US_ASCII);
        return epoch.isEmpty() ? StreamPosition.NONE : new StreamPosition((Long) reply.get(2 * index), epoch);
    }

    /**
     * Reads where many streams of one partition stand and which epochs they had; begins the next epoch where one is
     * due.
     */
    public ScriptRequest<List<Object>> epochs(int partition, byte[][] metas) {
        ScriptRequest<List<Object>> request = new ScriptRequest<>(
                Script.EPOCHS,
                partition,
                metas,
                new byte[][] {token()},
                ScriptRequest::list,
                true,
                "Reading the epochs of channels of partition",
                String.valueOf(partition));
        return inParts(request, index -> epochs(partition, new byte[][] {metas[index]}));
    }

    /** Returns a request with one key for each channel, whose reply has the same number of elements for each. */
    private static ScriptRequest<List<Object>> inParts(
            ScriptRequest<List<Object>> request, IntFunction<ScriptRequest<List<Object>>> part) {
        int count = request.keys().length;
        return count < 2
                ? request
                : request.withParts(new ScriptRequest.Parts<>(
                        () -> IntStream.range(0, count).mapToObj(part).toList(),
                        replies -> replies.stream().flatMap(List::stream).toList()));
    }

    /** Returns what the reply to {@link #epochs} says of the channel with this index, without publications. */
    public static StreamRead epochsOf(List<Object> reply, int index) {
        String epoch = new String((byte[]) reply.get(3 * index + 1), StandardCharsets.US_ASCII);
        String past = new String((byte[]) reply.get(3 * index + 2), StandardCharsets.US_ASCII);
        StreamPosition position =
                epoch.isEmpty() ? StreamPosition.NONE : new StreamPosition((Long) reply.get(3 * index), epoch);
        return new StreamRead(List.of(), position, PastEpoch.parse(past));
    }

    private ScriptRequest<List<Object>> history(
            String channel, RedisKeys.ChannelKeys keys, HistoryQuery query, byte[] metaTtl) {
        byte[][] range = range(query);
        byte[][] arguments = {token(), metaTtl, range[0], range[1], range[2], range[3]};
        return new ScriptRequest<>(
                Script.HISTORY,
                keys.partition(),
                new byte[][] {keys.meta(), keys.stream()},
                arguments,
                ScriptRequest::list,
                true,
                "Reading the history of channel",
                channel);
    }

    /**
     * Returns the command that reads the entries, empty for none, and its arguments: first and last id, most entries.
     */
    public static byte[][] range(HistoryQuery query) {
        StreamPosition since = query.since();
        boolean nothing = query.limit() == 0 || (query.reverse() && since != null && since.offset() == 0);
        byte[] first = query.reverse() ? NEWEST : OLDEST;
        if (since != null && since.offset() != 0) {
            first = text("(" + Long.toUnsignedString(since.offset()) + "-0");
        }
        return new byte[][] {
            nothing ? NOTHING : query.reverse() ? BACKWARD : FORWARD,
            first,
            query.reverse() ? OLDEST : NEWEST,
            text(Math.max(-1, query.limit()))
        };
    }

    /**
     * Records how far past epochs were seen. Returns 1 if that was more than was kept, so that another epoch was begun.
     *
     * @param seen past epoch to highest offset
     */
    public ScriptRequest<Long> noteSeen(String channel, RedisKeys.ChannelKeys keys, Map<String, Long> seen) {
        byte[][] arguments = new byte[3 + 2 * seen.size()][];
        arguments[0] = token();
        arguments[1] = ScriptRequest.PUBLISH_COMMAND;
        arguments[2] = keys.name();
        int at = 3;
        for (Map.Entry<String, Long> epoch : seen.entrySet()) {
            arguments[at++] = text(epoch.getKey());
            arguments[at++] = text(epoch.getValue());
        }
        return change(
                Script.NOTE_SEEN, channel, keys, arguments, "Recording the last seen offsets of epochs of channel");
    }

    /** Has a stream begin another epoch, unless a loss was noted since this one. Returns what end-epoch.lua does. */
    public ScriptRequest<Long> endEpoch(String channel, RedisKeys.ChannelKeys keys, String epoch) {
        byte[][] arguments = {token(), ScriptRequest.PUBLISH_COMMAND, text(epoch), keys.name()};
        return change(Script.END_EPOCH, channel, keys, arguments, "Ending an epoch of channel");
    }

    private static ScriptRequest<Long> change(
            Script script, String channel, RedisKeys.ChannelKeys keys, byte[][] arguments, String what) {
        return new ScriptRequest<>(
                        script,
                        keys.partition(),
                        new byte[][] {keys.meta(), keys.stream()},
                        arguments,
                        ScriptRequest::number,
                        true,
                        what,
                        channel)
                .withEcho(new ScriptRequest.Echo<>(
                        keys.name(), begun -> begun == 1 ? ChannelMessage.unnamedEpochBegun() : null));
    }

    /** Returns the decoded reply to {@link #history} or {@link #peek}. */
    public StreamRead read(List<Object> reply, HistoryQuery query, String channel) {
        return StreamRead.of(reply, query.reverse(), channel, garbage);
    }

    /** Distinguishes the epochs that a call begins from those of other calls. */
    private byte[] token() {
        return text(node + calls.incrementAndGet());
    }

    private static byte[] text(long number) {
        return text(Long.toString(number));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
