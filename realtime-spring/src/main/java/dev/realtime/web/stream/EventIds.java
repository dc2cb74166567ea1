package dev.realtime.web.stream;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Request;
import dev.realtime.spi.transport.WireBody;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ids of server-sent events that hold positions in streams. {@code EventSource} sends the last one in
 * {@code Last-Event-ID} when it connects again, so that clients without an SDK recover what they missed.
 *
 * <p>An id is a list of {@code offset:epoch:channel}, with epoch and channel percent-encoded. It is no secret and
 * proves nothing: a client that may name a position in its connect request may also make an id. Ids of another form are
 * ignored.
 */
public final class EventIds {

    /** Name of the request header. */
    public static final String HEADER = "Last-Event-ID";

    /** Maximum length, so that the header is accepted by servers and proxies; without an id nothing is recovered. */
    private static final int MAX_LENGTH = 4_096;

    private static final JsonField SUBS = JsonField.of("subs");
    private static final JsonField RECOVER = JsonField.of("recover");
    private static final JsonField OFFSET = JsonField.of("offset");
    private static final JsonField EPOCH = JsonField.of("epoch");

    private EventIds() {}

    /** Returns the id of these positions; empty if there are none or too many. */
    public static String of(Map<String, StreamPosition> positions) {
        if (positions.isEmpty()) {
            return "";
        }
        String id = positions.entrySet().stream()
                .map(entry -> Long.toUnsignedString(entry.getValue().offset())
                        + ':'
                        + encode(entry.getValue().epoch())
                        + ':'
                        + encode(entry.getKey()))
                .collect(Collectors.joining(","));
        return id.length() <= MAX_LENGTH ? id : "";
    }

    /**
     * Adds positions to a connect request.
     *
     * @param input well-formed connect request
     * @param id value of the header; {@code null} if there is none
     * @param exists whether a channel can exist; others of the id are left out
     * @return the input itself if the id holds no position
     */
    public static byte[] resume(byte[] input, @Nullable String id, Predicate<String> exists, ProtocolLimits limits) {
        Map<String, StreamPosition> positions = id == null ? Map.of() : parse(id);
        positions.keySet().removeIf(channel -> !exists.test(channel));
        if (positions.isEmpty()) {
            return input;
        }
        try {
            Command command = WireBody.JSON_PUSH.read(input, limits).next();
            return command != null && command.request() instanceof Request.Connect connect
                    ? withPositions(input, connect.subs(), positions)
                    : input;
        } catch (MalformedFrameException malformed) {
            return input;
        }
    }

    private static Map<String, StreamPosition> parse(String id) {
        Map<String, StreamPosition> positions = new LinkedHashMap<>();
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return positions;
        }
        try {
            for (String entry : id.split(",", -1)) {
                String[] parts = entry.split(":", -1);
                if (parts.length != 3) {
                    return new LinkedHashMap<>();
                }
                long offset = Long.parseUnsignedLong(parts[0]);
                positions.put(decode(parts[2]), new StreamPosition(offset, decode(parts[1])));
            }
            return positions;
        } catch (IllegalArgumentException another) {
            return new LinkedHashMap<>();
        }
    }

    /** Appends the channels to the object: of a field that comes twice the last one counts. */
    private static byte[] withPositions(
            byte[] input, Map<String, Request.Subscribe> requested, Map<String, StreamPosition> positions) {
        WireWriter out = new WireWriter();
        int end = input.length - 1;
        while (end >= 0 && input[end] != '}') {
            end--;
        }
        if (end < 0) {
            // The literal null, which is an empty request.
            JsonOutput.open(out);
        } else {
            int last = end - 1;
            while (input[last] <= ' ') {
                last--;
            }
            out.write(input, 0, last + 1);
        }
        JsonOutput.openObject(out, SUBS);
        requested.forEach((channel, request) -> {
            if (!positions.containsKey(channel)) {
                write(out, channel, request.recover(), new StreamPosition(request.offset(), request.epoch()));
            }
        });
        positions.forEach((channel, position) -> write(out, channel, true, position));
        JsonOutput.close(out);
        JsonOutput.close(out);
        return out.toByteArray();
    }

    private static void write(WireWriter out, String channel, boolean recover, StreamPosition position) {
        JsonOutput.key(out, channel);
        JsonOutput.open(out);
        JsonOutput.bool(out, RECOVER, recover);
        JsonOutput.number(out, OFFSET, position.offset());
        JsonOutput.string(out, EPOCH, position.epoch());
        JsonOutput.close(out);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
