package dev.realtime.web;

import dev.realtime.spi.transport.WireForm;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * Subprotocols of the endpoint, and the wire form that a client gets.
 *
 * <p>A client uses Protobuf if it agreed on the subprotocol {@code centrifuge-protobuf}, or agreed on none and has
 * {@code format=protobuf} or {@code cf_protocol=protobuf} in its query; JSON otherwise.
 */
public final class Subprotocols {

    private static final String JSON = "centrifuge-json";

    private static final String PROTOBUF = "centrifuge-protobuf";

    /** Names of the subprotocols. */
    public static final List<String> KNOWN = List.of(JSON, PROTOBUF);

    private Subprotocols() {}

    /**
     * Returns the first offered subprotocol that is known, in a list with spaces and on several lines;
     * {@code null} for a handshake that continues without one.
     */
    public static @Nullable String choose(HttpHeaders headers) {
        for (String line : headers.getOrEmpty("Sec-WebSocket-Protocol")) {
            for (String protocol : StringUtils.tokenizeToStringArray(line, ",")) {
                if (KNOWN.contains(protocol)) {
                    return protocol;
                }
            }
        }
        return null;
    }

    /** Returns the wire form of a client that agreed on this subprotocol, or on none. */
    public static WireForm wireForm(@Nullable String subprotocol, HandshakeDescription handshake) {
        boolean protobuf = subprotocol == null
                ? handshake.asksFor("format", "protobuf") || handshake.asksFor("cf_protocol", "protobuf")
                : PROTOBUF.equals(subprotocol);
        return protobuf ? WireForm.PROTOBUF_WEBSOCKET : WireForm.JSON_WEBSOCKET;
    }
}
