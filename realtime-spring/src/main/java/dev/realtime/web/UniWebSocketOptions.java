package dev.realtime.web;

/**
 * Settings of the unidirectional WebSocket: the options {@code realtime.uni-websocket.*} with Centrifugo's names, in
 * addition to those of every WebSocket.
 *
 * @param joinPushMessages whether pushes that leave together share one message, in which each is a line
 * @param disableClosingHandshake whether the socket is closed without a close frame
 * @param disableDisconnectPush whether the close frame is not preceded by a disconnect push
 */
public record UniWebSocketOptions(
        boolean joinPushMessages, boolean disableClosingHandshake, boolean disableDisconnectPush) {

    /** A message for each push, and a disconnect push and a close frame at the end. */
    public static final UniWebSocketOptions DEFAULTS = new UniWebSocketOptions(false, false, false);
}
