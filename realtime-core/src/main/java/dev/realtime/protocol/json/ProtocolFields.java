package dev.realtime.protocol.json;

import dev.realtime.json.JsonField;

/** Names of the fields of the protocol. */
final class ProtocolFields {

    static final JsonField CONNECT = JsonField.of("connect");
    static final JsonField SUBSCRIBE = JsonField.of("subscribe");
    static final JsonField UNSUBSCRIBE = JsonField.of("unsubscribe");
    static final JsonField PUBLISH = JsonField.of("publish");
    static final JsonField PRESENCE = JsonField.of("presence");
    static final JsonField PRESENCE_STATS = JsonField.of("presence_stats");
    static final JsonField HISTORY = JsonField.of("history");
    static final JsonField RPC = JsonField.of("rpc");
    static final JsonField SEND = JsonField.of("send");
    static final JsonField REFRESH = JsonField.of("refresh");
    static final JsonField SUB_REFRESH = JsonField.of("sub_refresh");
    static final JsonField CHANNEL = JsonField.of("channel");
    static final JsonField CHANNEL_INFO = JsonField.of("chan_info");
    static final JsonField CLIENT = JsonField.of("client");
    static final JsonField CODE = JsonField.of("code");
    static final JsonField COMPARISON = JsonField.of("cmp");
    static final JsonField CONNECTION_INFO = JsonField.of("conn_info");
    static final JsonField DATA = JsonField.of("data");
    static final JsonField DELTA = JsonField.of("delta");
    static final JsonField DISCONNECT = JsonField.of("disconnect");
    static final JsonField EPOCH = JsonField.of("epoch");
    static final JsonField ERROR = JsonField.of("error");
    static final JsonField EXPIRES = JsonField.of("expires");
    static final JsonField FLAG = JsonField.of("flag");
    static final JsonField HEADERS = JsonField.of("headers");
    static final JsonField ID = JsonField.of("id");
    static final JsonField INFO = JsonField.of("info");
    static final JsonField JOIN = JsonField.of("join");
    static final JsonField JOIN_LEAVE = JsonField.of("join_leave");
    static final JsonField KEY = JsonField.of("key");
    static final JsonField LEAVE = JsonField.of("leave");
    static final JsonField LIMIT = JsonField.of("limit");
    static final JsonField MESSAGE = JsonField.of("message");
    static final JsonField METHOD = JsonField.of("method");
    static final JsonField NAME = JsonField.of("name");
    static final JsonField NODE = JsonField.of("node");
    static final JsonField NODES = JsonField.of("nodes");
    static final JsonField NUM_CLIENTS = JsonField.of("num_clients");
    static final JsonField NUM_USERS = JsonField.of("num_users");
    static final JsonField OFFSET = JsonField.of("offset");
    static final JsonField OPERATION = JsonField.of("op");
    static final JsonField PING = JsonField.of("ping");
    static final JsonField PONG = JsonField.of("pong");
    static final JsonField POSITIONED = JsonField.of("positioned");
    static final JsonField PUBLICATION = JsonField.of("pub");
    static final JsonField PUBLICATIONS = JsonField.of("publications");
    static final JsonField PUSH = JsonField.of("push");
    static final JsonField REASON = JsonField.of("reason");
    static final JsonField RECOVER = JsonField.of("recover");
    static final JsonField RECOVERABLE = JsonField.of("recoverable");
    static final JsonField RECOVERED = JsonField.of("recovered");
    static final JsonField REVERSE = JsonField.of("reverse");
    static final JsonField SESSION = JsonField.of("session");
    static final JsonField SINCE = JsonField.of("since");
    static final JsonField SUBS = JsonField.of("subs");
    static final JsonField TAGS = JsonField.of("tags");
    static final JsonField TAGS_FILTER = JsonField.of("tf");
    static final JsonField TEMPORARY = JsonField.of("temporary");
    static final JsonField TIME = JsonField.of("time");
    static final JsonField TOKEN = JsonField.of("token");
    static final JsonField TTL = JsonField.of("ttl");
    static final JsonField TYPE = JsonField.of("type");
    static final JsonField USER = JsonField.of("user");
    static final JsonField VALUE = JsonField.of("val");
    static final JsonField VALUES = JsonField.of("vals");
    static final JsonField VERSION = JsonField.of("version");
    static final JsonField PUBLISH_DEBOUNCE = JsonField.of("publish_debounce");

    static final JsonField WAS_RECOVERING = JsonField.of("was_recovering");

    private ProtocolFields() {}
}
