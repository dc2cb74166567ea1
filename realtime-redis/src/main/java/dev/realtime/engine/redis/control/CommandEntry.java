package dev.realtime.engine.redis.control;

import dev.realtime.engine.redis.format.UnreadableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A command in the log of commands to all nodes.
 *
 * @param id that Redis gave
 * @param previous id of the entry before it, {@link CommandId#NONE} if there was none: a reader sees by it whether one
 *     is missing
 * @param identity that the sender gave; the same if it was sent twice
 */
record CommandEntry(CommandId id, CommandId previous, long identity, byte[] command) {

    /** Reads the message {@code c<id>:<previous>:<identity>:<command>}. */
    static CommandEntry ofMessage(byte[] message) {
        int first = colon(message, 1);
        int second = colon(message, first + 1);
        int third = colon(message, second + 1);
        return of(
                Arrays.copyOfRange(message, 1, first),
                Arrays.copyOfRange(message, first + 1, second),
                Arrays.copyOfRange(message, second + 1, third),
                Arrays.copyOfRange(message, third + 1, message.length));
    }

    private static int colon(byte[] message, int from) {
        for (int at = from; at < message.length; at++) {
            if (message[at] == ':') {
                return at;
            }
        }
        throw new UnreadableException("a command without an id");
    }

    /** Reads an entry of the stream: its id, and the fields that control-send.lua writes. */
    static CommandEntry ofStream(Object entry) {
        List<?> parts = (List<?>) entry;
        List<?> fields = (List<?>) parts.get(1);
        if (fields.size() != 6) {
            throw new UnreadableException("an entry that is not a command");
        }
        return of((byte[]) parts.get(0), (byte[]) fields.get(1), (byte[]) fields.get(3), (byte[]) fields.get(5));
    }

    private static CommandEntry of(byte[] id, byte[] previous, byte[] identity, byte[] command) {
        try {
            long number = Long.parseLong(new String(identity, StandardCharsets.US_ASCII));
            return new CommandEntry(CommandId.of(id), CommandId.of(previous), number, command);
        } catch (NumberFormatException e) {
            throw new UnreadableException("a command without an identity");
        }
    }
}
