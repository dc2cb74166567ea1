package dev.realtime.limit;

import dev.realtime.protocol.Request;

/** Kind of command whose rate can be limited. */
public enum Operation {
    SUBSCRIBE,
    UNSUBSCRIBE,
    PUBLISH,
    PRESENCE,
    PRESENCE_STATS,
    HISTORY,
    RPC,
    SEND,
    REFRESH,
    SUB_REFRESH;

    static Operation of(Request request) {
        if (request instanceof Request.Publish) {
            return PUBLISH;
        } else if (request instanceof Request.Subscribe) {
            return SUBSCRIBE;
        } else if (request instanceof Request.Unsubscribe) {
            return UNSUBSCRIBE;
        } else if (request instanceof Request.Presence) {
            return PRESENCE;
        } else if (request instanceof Request.PresenceStats) {
            return PRESENCE_STATS;
        } else if (request instanceof Request.History) {
            return HISTORY;
        } else if (request instanceof Request.Rpc) {
            return RPC;
        } else if (request instanceof Request.Send) {
            return SEND;
        } else if (request instanceof Request.Refresh) {
            return REFRESH;
        } else if (request instanceof Request.SubRefresh) {
            return SUB_REFRESH;
        }
        throw new IllegalArgumentException("connect has no rate of its own: it happens once");
    }

    /** Channel a request is about, empty for one that is about none. */
    public static String channelOf(Request request) {
        if (request instanceof Request.Publish it) {
            return it.channel();
        } else if (request instanceof Request.Subscribe it) {
            return it.channel();
        } else if (request instanceof Request.Unsubscribe it) {
            return it.channel();
        } else if (request instanceof Request.Presence it) {
            return it.channel();
        } else if (request instanceof Request.PresenceStats it) {
            return it.channel();
        } else if (request instanceof Request.History it) {
            return it.channel();
        } else if (request instanceof Request.SubRefresh it) {
            return it.channel();
        }
        return "";
    }
}
