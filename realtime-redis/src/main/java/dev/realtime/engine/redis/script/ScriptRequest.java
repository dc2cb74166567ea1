package dev.realtime.engine.redis.script;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.ValueOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A script with its keys and arguments. May be run many times.
 *
 * @param partition whose tag all keys carry
 * @param keys of the script, all of them
 * @param output reads the reply; a new one for each run
 * @param repeatable whether running it twice is the same as once, so that it may be run again when the outcome is not
 *     known
 * @param what it does, for messages: the beginning of a sentence
 * @param subject what it is done to, for messages
 * @param echo of what the script publishes; {@code null} if it publishes nothing that has to arrive immediately
 * @param parts of a request for several channels; {@code null} if it is for one
 */
public record ScriptRequest<T>(
        Script script,
        int partition,
        byte[][] keys,
        byte[][] arguments,
        Supplier<CommandOutput<byte[], byte[], T>> output,
        boolean repeatable,
        String what,
        String subject,
        @Nullable Echo<T> echo,
        @Nullable Parts<T> parts) {

    /**
     * Argument that names the command which the script publishes with. Each sending replaces it by the command of the
     * pub/sub mode, which may not be known when the request is made.
     */
    public static final byte[] PUBLISH_COMMAND = "PUBLISH".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] SHARDED_PUBLISH_COMMAND = "SPUBLISH".getBytes(StandardCharsets.US_ASCII);

    /**
     * Message that is published again at the owner of a slot when the script ran where the slot is moving to.
     *
     * @param name to publish under
     * @param message made of the result; {@code null} if the script published nothing
     */
    public record Echo<T>(byte[] name, Function<T, byte @Nullable []> message) {}

    /**
     * Requests for one channel each that together do the same as the one for several. While a slot moves, no server
     * runs a script for channels of which some have moved and others have not.
     *
     * @param each makes the requests
     * @param join makes the result of the whole of those of its parts, which are in the order of the requests
     */
    public record Parts<T>(Supplier<List<ScriptRequest<T>>> each, Function<List<T>, T> join) {}

    public ScriptRequest(
            Script script,
            int partition,
            byte[][] keys,
            byte[][] arguments,
            Supplier<CommandOutput<byte[], byte[], T>> output,
            boolean repeatable,
            String what,
            String subject) {
        this(script, partition, keys, arguments, output, repeatable, what, subject, null, null);
    }

    /** Returns an argument as it is sent in a pub/sub mode. */
    static byte[] toSend(byte[] argument, boolean sharded) {
        return argument == PUBLISH_COMMAND && sharded ? SHARDED_PUBLISH_COMMAND : argument;
    }

    /** Returns the same request, which publishes. */
    public ScriptRequest<T> withEcho(Echo<T> present) {
        return new ScriptRequest<>(
                script, partition, keys, arguments, output, repeatable, what, subject, present, parts);
    }

    /** Returns the same request, which can be made in parts. */
    public ScriptRequest<T> withParts(Parts<T> present) {
        return new ScriptRequest<>(
                script, partition, keys, arguments, output, repeatable, what, subject, echo, present);
    }

    /** Reads any reply: numbers as {@code Long}, strings as {@code byte[]}, lists as {@code List}. */
    public static CommandOutput<byte[], byte[], List<Object>> list() {
        return new NestedMultiOutput<>(ByteArrayCodec.INSTANCE);
    }

    /** Reads a reply that is one number. */
    public static CommandOutput<byte[], byte[], Long> number() {
        return new IntegerOutput<>(ByteArrayCodec.INSTANCE);
    }

    /** Reads a reply that is one string. */
    public static CommandOutput<byte[], byte[], byte[]> bytes() {
        return new ValueOutput<>(ByteArrayCodec.INSTANCE);
    }

    /** Deletes what is in the way of the script: keys of another type than it expects. */
    ScriptRequest<Long> mend() {
        return new ScriptRequest<>(
                Script.MEND, partition, keys, script.typesOf(keys.length), ScriptRequest::number, true, what, subject);
    }

    String description() {
        return what + " '" + subject + "'";
    }
}
