package dev.realtime.protocol.json;

import java.nio.charset.StandardCharsets;

/** Names of the fields of the protocol's JSON objects, in the bytes they are read and written as. */
enum JsonField {
    CONNECT("connect"),
    SUBSCRIBE("subscribe"),
    UNSUBSCRIBE("unsubscribe"),
    PUBLISH("publish"),
    PRESENCE("presence"),
    PRESENCE_STATS("presence_stats"),
    HISTORY("history"),
    RPC("rpc"),
    SEND("send"),
    REFRESH("refresh"),
    SUB_REFRESH("sub_refresh"),

    CHANNEL("channel"),
    CHANNEL_INFO("chan_info"),
    CLIENT("client"),
    CODE("code"),
    COMPARISON("cmp"),
    CONNECTION_INFO("conn_info"),
    DATA("data"),
    DELTA("delta"),
    DISCONNECT("disconnect"),
    EPOCH("epoch"),
    ERROR("error"),
    EXPIRES("expires"),
    FLAG("flag"),
    HEADERS("headers"),
    ID("id"),
    INFO("info"),
    JOIN("join"),
    JOIN_LEAVE("join_leave"),
    KEY("key"),
    LEAVE("leave"),
    LIMIT("limit"),
    MESSAGE("message"),
    METHOD("method"),
    NAME("name"),
    NODE("node"),
    NODES("nodes"),
    NUM_CLIENTS("num_clients"),
    NUM_USERS("num_users"),
    OFFSET("offset"),
    OPERATION("op"),
    PING("ping"),
    PONG("pong"),
    POSITIONED("positioned"),
    PUBLICATION("pub"),
    PUBLICATIONS("publications"),
    PUSH("push"),
    REASON("reason"),
    RECOVER("recover"),
    RECOVERABLE("recoverable"),
    RECOVERED("recovered"),
    REVERSE("reverse"),
    SESSION("session"),
    SINCE("since"),
    SUBS("subs"),
    TAGS("tags"),
    TAGS_FILTER("tf"),
    TEMPORARY("temporary"),
    TIME("time"),
    TOKEN("token"),
    TTL("ttl"),
    TYPE("type"),
    USER("user"),
    VALUE("val"),
    VALUES("vals"),
    VERSION("version"),
    WAS_RECOVERING("was_recovering");

    /** The name as on the wire. */
    final String text;

    /** The name in UTF-8. */
    final byte[] name;

    /** The name in quotation marks, and the colon. */
    final byte[] prefix;

    JsonField(String text) {
        this.text = text;
        this.name = text.getBytes(StandardCharsets.US_ASCII);
        this.prefix = ('"' + text + "\":").getBytes(StandardCharsets.US_ASCII);
    }
}
