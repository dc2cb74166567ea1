package dev.realtime.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the WebSocket transport.
 *
 * @param enabled Whether clients can connect over WebSocket.
 * @param path Path of the WebSocket endpoint.
 * @param messageSizeLimit Size of the largest message a client may send. Larger ones close the connection.
 * @param writeTimeout Time a write to a client may take before the connection is closed.
 */
@ConfigurationProperties("realtime.websocket")
record RealtimeWebSocketProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("/connection/websocket") String path,
        @DefaultValue("64KB") DataSize messageSizeLimit,
        @DefaultValue("1s") Duration writeTimeout) {}
