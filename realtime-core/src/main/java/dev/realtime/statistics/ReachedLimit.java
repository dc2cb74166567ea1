package dev.realtime.statistics;

import java.util.Locale;

/** Limits and rules that turn clients or their commands away, as counted for operators. */
public enum ReachedLimit {
    /** The request was no handshake of the protocol that the endpoint speaks. */
    HANDSHAKE,
    /** The page that sent the request may not connect. */
    ORIGIN,
    /** The node had as many connections as allowed. */
    CONNECTION_LIMIT,
    /** New connections came faster than allowed. */
    CONNECTION_RATE,
    /** The user had as many connections as allowed. */
    USER_CONNECTION_LIMIT,
    /** The connection had as many subscriptions as allowed. */
    CHANNEL_LIMIT,
    /** A frame held more commands than allowed. */
    FRAME_COMMANDS,
    /** Commands came faster than allowed. */
    COMMAND_RATE,
    /** Commands of one kind came faster than allowed. */
    OPERATION_RATE,
    /** Commands failed more often than allowed. */
    ERROR_RATE,
    /** The queue of the connection was over its limit. */
    QUEUE,
    /** Commands that the client posts apart from its stream waited, and there were too many of them. */
    EMULATION_QUEUE,
    /** The queues of the node together were over their ceiling. */
    NODE_QUEUE;

    /** Name in metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
