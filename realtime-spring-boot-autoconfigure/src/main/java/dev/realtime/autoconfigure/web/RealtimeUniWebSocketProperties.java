package dev.realtime.autoconfigure.web;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.web.UniWebSocketOptions;
import dev.realtime.web.WebSocketOptions;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the unidirectional WebSocket transport. Names and defaults are those of Centrifugo.
 *
 * @param enabled Whether the unidirectional WebSocket endpoint is mapped.
 * @param path Path of the unidirectional WebSocket endpoint.
 * @param messageSizeLimit Size of the largest message a client may send. Larger ones close the connection.
 * @param writeTimeout Time a client may take no byte while some are waiting, before the connection is cut. Zero for
 *     ever.
 * @param compression Whether messages are compressed for clients that offer it. Saves traffic at the price of processor
 *     time. On Reactor Netty, and in servlet applications on Tomcat and Jetty.
 * @param compressionMinSize Size below which messages are sent uncompressed. Jetty compresses all messages.
 * @param joinPushMessages Whether pushes that leave together share one message, in which each is a line.
 * @param disableClosingHandshake Whether the socket is closed without a close frame.
 * @param disableDisconnectPush Whether the close frame is not preceded by a disconnect push.
 */
@ConfigurationProperties("realtime.uni-websocket")
public record RealtimeUniWebSocketProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/connection/uni_websocket") String path,
        @DefaultValue("64KB") DataSize messageSizeLimit,
        @DefaultValue("1s") Duration writeTimeout,
        @DefaultValue("false") boolean compression,
        @DefaultValue("0B") DataSize compressionMinSize,
        @DefaultValue("false") boolean joinPushMessages,
        @DefaultValue("false") boolean disableClosingHandshake,
        @DefaultValue("false") boolean disableDisconnectPush) {

    private static final String PREFIX = "realtime.uni-websocket.";

    /**
     * Returns the path of the endpoint.
     *
     * @throws ConfigurationProblemException if it is refused
     */
    public String checkedPath() {
        return EndpointPath.check(PREFIX + "path", path);
    }

    /**
     * Returns the settings that every WebSocket has.
     *
     * @throws ConfigurationProblemException if a value is refused
     */
    public WebSocketOptions options(RealtimeClientProperties clientProperties) {
        return new WebSocketOptions(
                PropertyRules.positiveBytes(
                        PREFIX + "message-size-limit", messageSizeLimit, "so no client could send anything"),
                PropertyRules.notNegative(PREFIX + "write-timeout", writeTimeout),
                compression,
                PropertyRules.notNegativeBytes(PREFIX + "compression-min-size", compressionMinSize),
                clientProperties.pingInterval(),
                clientProperties.pongTimeout());
    }

    /** Returns the settings that only this WebSocket has. */
    public UniWebSocketOptions uniOptions() {
        return new UniWebSocketOptions(joinPushMessages, disableClosingHandshake, disableDisconnectPush);
    }
}
