package dev.realtime.autoconfigure.web;

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
 *     time for each client. Reactor Netty only.
 * @param compressionMinSize Size below which messages are sent uncompressed.
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

    public static final String PREFIX = "realtime.uni-websocket.";
}
