package dev.realtime.autoconfigure.web;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.web.WebSocketOptions;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the WebSocket transport. Names and defaults are those of Centrifugo's WebSocket options.
 *
 * @param enabled Whether the WebSocket endpoint is mapped.
 * @param path Path of the WebSocket endpoint.
 * @param messageSizeLimit Size of the largest message a client may send. Larger ones close the connection.
 * @param writeTimeout Time a client may take no byte while some are waiting, before the connection is cut. Zero for
 *     ever.
 * @param compression Whether messages are compressed for clients that offer it. Saves traffic at the price of processor
 *     time. On Reactor Netty, and in servlet applications on Tomcat and Jetty.
 * @param compressionMinSize Size below which messages are sent uncompressed. Jetty compresses all messages.
 */
@ConfigurationProperties("realtime.websocket")
public record RealtimeWebSocketProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("/connection/websocket") String path,
        @DefaultValue("64KB") DataSize messageSizeLimit,
        @DefaultValue("1s") Duration writeTimeout,
        @DefaultValue("false") boolean compression,
        @DefaultValue("0B") DataSize compressionMinSize) {

    public static final String PREFIX = "realtime.websocket.";

    /**
     * Returns the limits of what clients may send over any transport.
     *
     * @throws ConfigurationProblemException if a value is refused
     */
    ProtocolLimits protocolLimits() {
        return ProtocolLimits.DEFAULTS.withMessageBytes(messageBytes());
    }

    /**
     * Returns the settings of the WebSocket transport.
     *
     * @throws ConfigurationProblemException if a value is refused
     */
    public WebSocketOptions options(RealtimeClientProperties client) {
        return new WebSocketOptions(
                messageBytes(),
                PropertyRules.notNegative(PREFIX + "write-timeout", writeTimeout),
                compression,
                PropertyRules.notNegativeBytes(PREFIX + "compression-min-size", compressionMinSize),
                client.pingInterval(),
                client.pongTimeout());
    }

    /**
     * Returns the size of the largest message a client may send.
     *
     * @throws ConfigurationProblemException if it is refused
     */
    public int messageBytes() {
        return PropertyRules.positiveBytes(
                PREFIX + "message-size-limit", messageSizeLimit, "so no client could send anything");
    }
}
