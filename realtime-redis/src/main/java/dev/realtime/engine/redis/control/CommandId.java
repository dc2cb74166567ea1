package dev.realtime.engine.redis.control;

import dev.realtime.engine.redis.format.UnreadableException;
import java.nio.charset.StandardCharsets;

/** Id of an entry of a stream that Redis gave: a time in milliseconds, and a count within it. */
record CommandId(long millis, long count) {

    static final CommandId NONE = new CommandId(0, 0);

    static CommandId of(byte[] id) {
        String text = new String(id, StandardCharsets.US_ASCII);
        int dash = text.indexOf('-');
        try {
            return new CommandId(Long.parseLong(text, 0, dash, 10), Long.parseLong(text, dash + 1, text.length(), 10));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new UnreadableException("an invalid id");
        }
    }

    boolean isAfter(CommandId other) {
        return millis != other.millis ? millis > other.millis : count > other.count;
    }

    @Override
    public String toString() {
        return millis + "-" + count;
    }
}
