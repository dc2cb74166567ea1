package dev.realtime.web;

import java.time.Duration;

/**
 * Settings of the WebSocket transport: the options {@code realtime.websocket.*} with Centrifugo's names and defaults,
 * and the two of {@code realtime.client.*} that native pings need.
 *
 * @param messageSizeLimit maximum number of bytes of a message from a client, all fragments together and after
 *     decompression; one more closes the connection with 1009
 * @param writeTimeout time a socket may accept no byte while some are waiting, after which the connection is cut. Zero
 *     for no limit. On servers other than Reactor Netty, their own send timeouts apply
 * @param compression whether permessage-deflate is used with clients that offer it, on Reactor Netty and on servlet
 *     containers. Saves traffic but costs processor time
 * @param compressionMinSize size in bytes below which messages are sent uncompressed; not on Jetty, which compresses
 *     all
 * @param pingInterval interval of pings for clients that request native pings ({@code cf_ws_frame_ping_pong=true});
 *     zero for none
 * @param pongTimeout time the pong to a native ping may take; below {@code pingInterval}
 */
public record WebSocketOptions(
        int messageSizeLimit,
        Duration writeTimeout,
        boolean compression,
        int compressionMinSize,
        Duration pingInterval,
        Duration pongTimeout) {

    /** 64 KiB messages, write timeout 1 s, no compression, native pings every 25 s with 8 s for the pong. */
    public static final WebSocketOptions DEFAULTS = new WebSocketOptions(
            65_536, Duration.ofSeconds(1), false, 0, Duration.ofSeconds(25), Duration.ofSeconds(8));

    public WebSocketOptions {
        if (messageSizeLimit < 1) {
            throw new IllegalArgumentException("messageSizeLimit must be positive, but is " + messageSizeLimit);
        }
        if (!pingInterval.isZero() && pongTimeout.compareTo(pingInterval) >= 0) {
            throw new IllegalArgumentException(
                    "pongTimeout must be below pingInterval, but is " + pongTimeout + " with " + pingInterval);
        }
    }

    /** Returns the same settings with another message size limit. */
    public WebSocketOptions withMessageSizeLimit(int messageSizeLimit) {
        return new WebSocketOptions(
                messageSizeLimit, writeTimeout, compression, compressionMinSize, pingInterval, pongTimeout);
    }

    /** Returns the same settings with another write timeout. */
    public WebSocketOptions withWriteTimeout(Duration writeTimeout) {
        return new WebSocketOptions(
                messageSizeLimit, writeTimeout, compression, compressionMinSize, pingInterval, pongTimeout);
    }

    /** Returns the same settings with permessage-deflate, for messages of at least {@code minSize} bytes. */
    public WebSocketOptions withCompression(int minSize) {
        return new WebSocketOptions(messageSizeLimit, writeTimeout, true, minSize, pingInterval, pongTimeout);
    }

    /** Returns the same settings with other times of native pings. */
    public WebSocketOptions withPings(Duration interval, Duration timeout) {
        return new WebSocketOptions(messageSizeLimit, writeTimeout, compression, compressionMinSize, interval, timeout);
    }
}
