package dev.realtime.protocol.json;

import java.nio.charset.StandardCharsets;

/** Name of a field of JSON objects, in the bytes it is read and written as. Those of the protocol are named here. */
public final class JsonField {

    static final JsonField CONNECT = new JsonField("connect");
    static final JsonField SUBSCRIBE = new JsonField("subscribe");
    static final JsonField UNSUBSCRIBE = new JsonField("unsubscribe");
    static final JsonField PUBLISH = new JsonField("publish");
    static final JsonField PRESENCE = new JsonField("presence");
    static final JsonField PRESENCE_STATS = new JsonField("presence_stats");
    static final JsonField HISTORY = new JsonField("history");
    static final JsonField RPC = new JsonField("rpc");
    static final JsonField SEND = new JsonField("send");
    static final JsonField REFRESH = new JsonField("refresh");
    static final JsonField SUB_REFRESH = new JsonField("sub_refresh");

    static final JsonField CHANNEL = new JsonField("channel");
    static final JsonField CHANNEL_INFO = new JsonField("chan_info");
    static final JsonField CLIENT = new JsonField("client");
    static final JsonField CODE = new JsonField("code");
    static final JsonField COMPARISON = new JsonField("cmp");
    static final JsonField CONNECTION_INFO = new JsonField("conn_info");
    static final JsonField DATA = new JsonField("data");
    static final JsonField DELTA = new JsonField("delta");
    static final JsonField DISCONNECT = new JsonField("disconnect");
    static final JsonField EPOCH = new JsonField("epoch");
    static final JsonField ERROR = new JsonField("error");
    static final JsonField EXPIRES = new JsonField("expires");
    static final JsonField FLAG = new JsonField("flag");
    static final JsonField HEADERS = new JsonField("headers");
    static final JsonField ID = new JsonField("id");
    static final JsonField INFO = new JsonField("info");
    static final JsonField JOIN = new JsonField("join");
    static final JsonField JOIN_LEAVE = new JsonField("join_leave");
    static final JsonField KEY = new JsonField("key");
    static final JsonField LEAVE = new JsonField("leave");
    static final JsonField LIMIT = new JsonField("limit");
    static final JsonField MESSAGE = new JsonField("message");
    static final JsonField METHOD = new JsonField("method");
    static final JsonField NAME = new JsonField("name");
    static final JsonField NODE = new JsonField("node");
    static final JsonField NODES = new JsonField("nodes");
    static final JsonField NUM_CLIENTS = new JsonField("num_clients");
    static final JsonField NUM_USERS = new JsonField("num_users");
    static final JsonField OFFSET = new JsonField("offset");
    static final JsonField OPERATION = new JsonField("op");
    static final JsonField PING = new JsonField("ping");
    static final JsonField PONG = new JsonField("pong");
    static final JsonField POSITIONED = new JsonField("positioned");
    static final JsonField PUBLICATION = new JsonField("pub");
    static final JsonField PUBLICATIONS = new JsonField("publications");
    static final JsonField PUSH = new JsonField("push");
    static final JsonField REASON = new JsonField("reason");
    static final JsonField RECOVER = new JsonField("recover");
    static final JsonField RECOVERABLE = new JsonField("recoverable");
    static final JsonField RECOVERED = new JsonField("recovered");
    static final JsonField REVERSE = new JsonField("reverse");
    static final JsonField SESSION = new JsonField("session");
    static final JsonField SINCE = new JsonField("since");
    static final JsonField SUBS = new JsonField("subs");
    static final JsonField TAGS = new JsonField("tags");
    static final JsonField TAGS_FILTER = new JsonField("tf");
    static final JsonField TEMPORARY = new JsonField("temporary");
    static final JsonField TIME = new JsonField("time");
    static final JsonField TOKEN = new JsonField("token");
    static final JsonField TTL = new JsonField("ttl");
    static final JsonField TYPE = new JsonField("type");
    static final JsonField USER = new JsonField("user");
    static final JsonField VALUE = new JsonField("val");
    static final JsonField VALUES = new JsonField("vals");
    static final JsonField VERSION = new JsonField("version");
    static final JsonField WAS_RECOVERING = new JsonField("was_recovering");

    /** The name as on the wire. */
    final String text;

    /** The name in UTF-8. */
    final byte[] name;

    /** The name in quotation marks, and the colon. */
    final byte[] prefix;

    private JsonField(String text) {
        this.text = text;
        this.name = text.getBytes(StandardCharsets.US_ASCII);
        this.prefix = ('"' + text + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A field of any other name.
     *
     * @param name of ASCII letters, digits and underscores
     */
    public static JsonField of(String name) {
        return new JsonField(name);
    }
}
