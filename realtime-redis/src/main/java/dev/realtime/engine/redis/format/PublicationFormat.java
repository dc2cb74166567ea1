package dev.realtime.engine.redis.format;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Exclusion;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binary form of a publication, whose data is the rest, and of a client's info. The same bytes are kept in the stream
 * and sent to the nodes; offset and epoch are beside them.
 *
 * <pre>
 *   publication   version 1 | flags | [client info] | [number of tags, (key, value) each] | [version]
 *                 | [number of excluded clients, id each, number of excluded users, id each] | data
 *   client info   user | client | flags | [connection info] | [channel info]
 * </pre>
 */
public final class PublicationFormat {

    /** First byte of what this version writes. Nodes of another version do not read it. */
    public static final int VERSION = 1;

    private static final int JSON = 1;

    private static final int LINE_BREAKS = 2;

    private static final int INFO = 4;

    private static final int TAGS = 8;

    private static final int PUBLISHER_VERSION = 16;

    private static final int EXCLUSION = 32;

    /** Whether it may be sent as its difference to the one before. */
    private static final int DELTA = 64;

    private static final int KNOWN_FLAGS = JSON | LINE_BREAKS | INFO | TAGS | PUBLISHER_VERSION | EXCLUSION | DELTA;

    /**
     * In the flags of a client's info the bits of the channel info stand this much higher than those of the connection.
     */
    private static final int CHANNEL_INFO_SHIFT = 4;

    private static final int PRESENT = 4;

    private PublicationFormat() {}

    public static byte[] write(Publication publication) {
        Payload data = publication.data();
        ClientInfo info = publication.info();
        Map<String, String> tags = publication.tags();
        long version = publication.version();
        Exclusion exclusion = publication.exclusion();
        if (info == null && tags.isEmpty() && version == 0 && exclusion.isEmpty()) {
            byte[] bytes = new byte[2 + data.length()];
            bytes[0] = VERSION;
            bytes[1] = (byte) (formOf(data) | deltaOf(publication));
            System.arraycopy(data.bytes(), 0, bytes, 2, data.length());
            return bytes;
        }
        BinaryOutput output = new BinaryOutput(data.length() + 128);
        output.octet(VERSION);
        output.octet(formOf(data)
                | deltaOf(publication)
                | (info == null ? 0 : INFO)
                | (tags.isEmpty() ? 0 : TAGS)
                | (version == 0 ? 0 : PUBLISHER_VERSION)
                | (exclusion.isEmpty() ? 0 : EXCLUSION));
        if (info != null) {
            write(info, output);
        }
        if (!tags.isEmpty()) {
            output.number(tags.size());
            tags.forEach((key, value) -> output.text(key).text(value));
        }
        if (version != 0) {
            output.number(version);
        }
        if (!exclusion.isEmpty()) {
            write(exclusion.clientIds(), output);
            write(exclusion.userIds(), output);
        }
        return output.bytes(data.bytes()).toBytes();
    }

    /** @throws UnreadableException if it is not what {@link #write} makes */
    public static Publication read(byte[] bytes, int from, long offset) {
        BinaryInput input = new BinaryInput(bytes, from);
        int version = input.octet();
        if (version != VERSION) {
            throw new UnreadableException("a publication of version " + version);
        }
        int flags = input.octet();
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw new UnreadableException("a publication with flags " + flags);
        }
        ClientInfo info = (flags & INFO) == 0 ? null : readInfo(input);
        Map<String, String> tags = (flags & TAGS) == 0 ? Map.of() : readTags(input);
        long publisherVersion = (flags & PUBLISHER_VERSION) == 0 ? 0 : input.number();
        Exclusion exclusion =
                (flags & EXCLUSION) == 0 ? Exclusion.NONE : new Exclusion(readTexts(input), readTexts(input));
        Publication.Delta delta = (flags & DELTA) == 0 ? Publication.Delta.NONE : Publication.Delta.ALLOWED;
        return new Publication(
                payload(input.rest(), flags), info, offset, tags, publisherVersion, "", exclusion, delta);
    }

    private static void write(List<String> texts, BinaryOutput output) {
        output.number(texts.size());
        texts.forEach(output::text);
    }

    private static List<String> readTexts(BinaryInput input) {
        int count = input.count();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(input.text());
        }
        return texts;
    }

    private static int deltaOf(Publication publication) {
        return publication.delta() == Publication.Delta.ALLOWED ? DELTA : 0;
    }

    private static Map<String, String> readTags(BinaryInput input) {
        int count = input.count();
        Map<String, String> tags = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            tags.put(input.text(), input.text());
        }
        return tags;
    }

    /** Begins with the user, which the scripts of presence read too. */
    public static void write(ClientInfo info, BinaryOutput output) {
        Payload connection = info.connectionInfo();
        Payload channel = info.channelInfo();
        output.text(info.userId()).text(info.clientId());
        output.octet(flagsOf(connection) | flagsOf(channel) << CHANNEL_INFO_SHIFT);
        if (connection != null) {
            output.block(connection.bytes());
        }
        if (channel != null) {
            output.block(channel.bytes());
        }
    }

    static ClientInfo readInfo(BinaryInput input) {
        String user = input.text();
        String client = input.text();
        int flags = input.octet();
        Payload connection = readPayload(input, flags);
        Payload channel = readPayload(input, flags >> CHANNEL_INFO_SHIFT);
        return new ClientInfo(user, client, connection, channel);
    }

    /** Writes a payload that may be absent. */
    public static void write(@Nullable Payload payload, BinaryOutput output) {
        output.octet(flagsOf(payload));
        if (payload != null) {
            output.block(payload.bytes());
        }
    }

    /** Reads a payload that may be absent. */
    public static @Nullable Payload readPayload(BinaryInput input) {
        return readPayload(input, input.octet());
    }

    private static @Nullable Payload readPayload(BinaryInput input, int flags) {
        return (flags & PRESENT) == 0 ? null : payload(input.block(), flags);
    }

    private static int flagsOf(@Nullable Payload payload) {
        return payload == null ? 0 : PRESENT | formOf(payload);
    }

    private static int formOf(Payload payload) {
        return payload.isJson() ? JSON | (payload.hasLineBreaks() ? LINE_BREAKS : 0) : 0;
    }

    private static Payload payload(byte[] bytes, int flags) {
        if ((flags & JSON) != 0) {
            return Payload.ofCheckedJson(bytes, (flags & LINE_BREAKS) != 0);
        }
        // Not JSON. The check that finds it out again costs little on bytes, and nothing must claim JSON that is none.
        return Payload.of(bytes);
    }
}
