package dev.realtime.protocol;

/** Kind of command of a connected client. */
public enum CommandType {
    SUBSCRIBE,
    UNSUBSCRIBE,
    PUBLISH,
    PRESENCE,
    PRESENCE_STATS,
    HISTORY,
    RPC,
    SEND,
    REFRESH,
    SUB_REFRESH
}
