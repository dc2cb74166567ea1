package dev.realtime.engine.redis.format;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Message that is published under the name of a channel.
 *
 * <pre>
 *   'p' offset ':' epoch ':' publication    with its place in the stream; written by publish.lua
 *   't' offset ':' epoch                    the stream ends there and started this epoch, into which no client can
 *                                           recover; written by note-seen.lua and end-epoch.lua
 *   'n' publication                         without history
 *   'j' version 1 | client info             a client entered
 *   'l' version 1 | client info             a client left
 * </pre>
 */
public sealed interface ChannelMessage {

    /** @param position {@link StreamPosition#NONE} without history */
    record Published(Publication publication, StreamPosition position) implements ChannelMessage {}

    /** A client entered the channel. */
    record Joined(ClientInfo info) implements ChannelMessage {}

    /** A client left the channel. */
    record Left(ClientInfo info) implements ChannelMessage {}

    /** A new epoch, to which no publication belongs yet. */
    record EpochBegun(StreamPosition position) implements ChannelMessage {}

    /** Returns a publication with history, as {@code publish.lua} writes it. */
    static byte[] withHistory(byte[] publication, StreamPosition position) {
        byte[] place = ("p" + position.offset() + ':' + position.epoch() + ':').getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = Arrays.copyOf(place, place.length + publication.length);
        System.arraycopy(publication, 0, message, place.length, publication.length);
        return message;
    }

    /** A publication without history. */
    static byte[] withoutHistory(byte[] publication) {
        byte[] message = new byte[publication.length + 1];
        message[0] = 'n';
        System.arraycopy(publication, 0, message, 1, publication.length);
        return message;
    }

    /** Returns the message for a new epoch whose name the sender does not know: receivers read the name. */
    static byte[] unnamedEpochBegun() {
        return new byte[] {'t', '0', ':', '?'};
    }

    static byte[] joined(ClientInfo info) {
        return presence('j', info);
    }

    static byte[] left(ClientInfo info) {
        return presence('l', info);
    }

    private static byte[] presence(char kind, ClientInfo info) {
        BinaryOutput output = new BinaryOutput(128).octet(kind).octet(PublicationFormat.VERSION);
        PublicationFormat.write(info, output);
        return output.toBytes();
    }

    /**
     * @param expectedEpoch what the epoch most probably is, to be used again instead of a copy
     * @throws UnreadableException if it is none of these
     */
    static ChannelMessage read(byte[] message, String expectedEpoch) {
        if (message.length == 0) {
            throw new UnreadableException("an empty message");
        }
        return switch (message[0]) {
            case 'p' -> readPublished(message, expectedEpoch);
            case 't' -> readEpochBegun(message);
            case 'n' -> new Published(PublicationFormat.read(message, 1, 0), StreamPosition.NONE);
            case 'j' -> new Joined(readInfo(message));
            case 'l' -> new Left(readInfo(message));
            default -> throw new UnreadableException("a message of kind " + message[0]);
        };
    }

    private static Published readPublished(byte[] message, String expectedEpoch) {
        int colon = endOfOffset(message);
        long offset = readOffset(message, colon);
        int epochAt = colon + 1;
        int at = epochAt;
        while (at < message.length && message[at] != ':') {
            at++;
        }
        if (at >= message.length || offset == 0) {
            throw new UnreadableException("a message without a position");
        }
        String epoch = equals(message, epochAt, at, expectedEpoch)
                ? expectedEpoch
                : new String(message, epochAt, at - epochAt, StandardCharsets.ISO_8859_1);
        return new Published(PublicationFormat.read(message, at + 1, offset), new StreamPosition(offset, epoch));
    }

    private static EpochBegun readEpochBegun(byte[] message) {
        int colon = endOfOffset(message);
        long offset = readOffset(message, colon);
        if (colon + 1 >= message.length) {
            throw new UnreadableException("a message without an epoch");
        }
        String epoch = new String(message, colon + 1, message.length - colon - 1, StandardCharsets.ISO_8859_1);
        return new EpochBegun(new StreamPosition(offset, epoch));
    }

    private static int endOfOffset(byte[] message) {
        int at = 1;
        while (at < message.length && message[at] != ':') {
            at++;
        }
        return at;
    }

    private static long readOffset(byte[] message, int end) {
        long offset = 0;
        for (int at = 1; at < end; at++) {
            int digit = message[at] - '0';
            if (digit < 0 || digit > 9 || at > 18) {
                throw new UnreadableException("a message without an offset");
            }
            offset = offset * 10 + digit;
        }
        return offset;
    }

    private static boolean equals(byte[] message, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (message[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static ClientInfo readInfo(byte[] message) {
        return presenceInfo(message, 1);
    }

    /** A client's info behind a version, as it is kept in presence too. */
    static ClientInfo presenceInfo(byte[] bytes, int from) {
        BinaryInput input = new BinaryInput(bytes, from);
        int version = input.octet();
        if (version != PublicationFormat.VERSION) {
            throw new UnreadableException("a client's info of version " + version);
        }
        ClientInfo info = PublicationFormat.readInfo(input);
        input.end();
        return info;
    }
}
