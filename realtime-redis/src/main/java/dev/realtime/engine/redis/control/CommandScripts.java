package dev.realtime.engine.redis.control;

import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The scripts of the log of commands with their arguments and replies. */
final class CommandScripts {

    /** Time for which commands are kept and may be run. */
    static final Duration AGE = Duration.ofMinutes(10);

    private static final byte[] KEPT = text("10000");

    private static final byte[] KEPT_MILLIS = text(Long.toString(AGE.toMillis()));

    /** Longer than commands, so that a later command names the one before it. */
    private static final byte[] STREAM_MILLIS = text(Long.toString(TimeUnit.DAYS.toMillis(1)));

    private static final int PAGE = 500;

    private final RedisScripts scripts;

    private final GarbageLog garbage;

    private final int partition;

    private final byte[] stream;

    private final byte[] name;

    /**
     * Commands that were read.
     *
     * @param top the latest command of the log
     * @param now time of Redis in ms
     * @param last id of the last entry of the page, readable or not; {@code null} if there is none
     * @param isFull whether there may be more
     */
    record Page(
            CommandId top,
            long now,
            List<CommandEntry> entries,
            @Nullable CommandId last,
            boolean isFull) {}

    CommandScripts(RedisKeys keys, RedisScripts scripts, GarbageLog garbage, int partition) {
        this.scripts = scripts;
        this.garbage = garbage;
        this.partition = partition;
        this.stream = keys.commands();
        this.name = keys.controlName();
    }

    /** Appends a command and publishes it; the reply is its id. */
    ScriptRequest<byte[]> send(long identity, byte[] command) {
        return new ScriptRequest<>(
                Script.CONTROL_SEND,
                partition,
                new byte[][] {stream},
                new byte[][] {
                    command,
                    KEPT,
                    KEPT_MILLIS,
                    ScriptRequest.PUBLISH_COMMAND,
                    name,
                    text(Long.toString(identity)),
                    STREAM_MILLIS,
                    scripts.time()
                },
                ScriptRequest::bytes,
                // What is sent twice has the same identity and is run once.
                true,
                "Sending a command to all nodes, over bus",
                "control");
    }

    /** Reads where the log ends, and a page of the commands after an id; none if that is empty. */
    ScriptRequest<List<Object>> missed(String after) {
        return new ScriptRequest<>(
                Script.CONTROL_MISSED,
                partition,
                new byte[][] {stream},
                new byte[][] {text(after), text(Integer.toString(PAGE)), scripts.time()},
                ScriptRequest::list,
                true,
                "Reading the commands of bus",
                "control");
    }

    /** Returns the latest command of the log, of a reply to {@link #missed}. */
    static CommandId top(List<Object> reply) {
        return CommandId.of((byte[]) reply.get(0));
    }

    /** Reads a reply to {@link #missed}. */
    Page page(List<Object> reply) {
        List<?> entries = (List<?>) reply.get(2);
        CommandId last =
                entries.isEmpty() ? null : CommandId.of((byte[]) ((List<?>) entries.get(entries.size() - 1)).get(0));
        return new Page(top(reply), number(reply.get(1)), entries(entries), last, entries.size() == PAGE);
    }

    private List<CommandEntry> entries(List<?> page) {
        List<CommandEntry> entries = new ArrayList<>(page.size());
        for (Object entry : page) {
            try {
                entries.add(CommandEntry.ofStream(entry));
            } catch (UnreadableException e) {
                garbage.found(e.getMessage(), "control");
            }
        }
        return entries;
    }

    private static long number(Object bytes) {
        return Long.parseLong(new String((byte[]) bytes, StandardCharsets.US_ASCII));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
