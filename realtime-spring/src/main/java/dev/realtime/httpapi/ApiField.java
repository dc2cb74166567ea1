package dev.realtime.httpapi;

import dev.realtime.protocol.json.JsonField;

/** Names of the fields of requests and replies. */
final class ApiField {

    static final JsonField BASE64_DATA = JsonField.of("b64data");
    static final JsonField BASE64_INFO = JsonField.of("b64info");
    static final JsonField CHANNEL = JsonField.of("channel");
    static final JsonField CHANNELS = JsonField.of("channels");
    static final JsonField CLIENT = JsonField.of("client");
    static final JsonField CODE = JsonField.of("code");
    static final JsonField COMMANDS = JsonField.of("commands");
    static final JsonField DATA = JsonField.of("data");
    static final JsonField DISCONNECT = JsonField.of("disconnect");
    static final JsonField EPOCH = JsonField.of("epoch");
    static final JsonField ERROR = JsonField.of("error");
    static final JsonField EXPIRED = JsonField.of("expired");
    static final JsonField EXPIRE_AT = JsonField.of("expire_at");
    static final JsonField FORCE_POSITIONING = JsonField.of("force_positioning");
    static final JsonField FORCE_PUSH_JOIN_LEAVE = JsonField.of("force_push_join_leave");
    static final JsonField FORCE_RECOVERY = JsonField.of("force_recovery");
    static final JsonField IDEMPOTENCY_KEY = JsonField.of("idempotency_key");
    static final JsonField INFO = JsonField.of("info");
    static final JsonField JOIN_LEAVE = JsonField.of("join_leave");
    static final JsonField LIMIT = JsonField.of("limit");
    static final JsonField MESSAGE = JsonField.of("message");
    static final JsonField METHOD = JsonField.of("method");
    static final JsonField NAME = JsonField.of("name");
    static final JsonField NODES = JsonField.of("nodes");
    static final JsonField NUM_CHANNELS = JsonField.of("num_channels");
    static final JsonField NUM_CLIENTS = JsonField.of("num_clients");
    static final JsonField NUM_SUBS = JsonField.of("num_subs");
    static final JsonField NUM_USERS = JsonField.of("num_users");
    static final JsonField OFFSET = JsonField.of("offset");
    static final JsonField OVERRIDE = JsonField.of("override");
    static final JsonField PARALLEL = JsonField.of("parallel");
    static final JsonField PARAMS = JsonField.of("params");
    static final JsonField PATTERN = JsonField.of("pattern");
    static final JsonField PRESENCE = JsonField.of("presence");
    static final JsonField PUBLICATIONS = JsonField.of("publications");
    static final JsonField REASON = JsonField.of("reason");
    static final JsonField RECOVER_SINCE = JsonField.of("recover_since");
    static final JsonField REPLIES = JsonField.of("replies");
    static final JsonField RESPONSES = JsonField.of("responses");
    static final JsonField RESULT = JsonField.of("result");
    static final JsonField REVERSE = JsonField.of("reverse");
    static final JsonField SESSION = JsonField.of("session");
    static final JsonField SINCE = JsonField.of("since");
    static final JsonField SKIP_HISTORY = JsonField.of("skip_history");
    static final JsonField TAGS = JsonField.of("tags");
    static final JsonField UID = JsonField.of("uid");
    static final JsonField UPTIME = JsonField.of("uptime");
    static final JsonField USER = JsonField.of("user");
    static final JsonField VALUE = JsonField.of("value");
    static final JsonField VERSION = JsonField.of("version");
    static final JsonField VERSION_EPOCH = JsonField.of("version_epoch");
    static final JsonField WHITELIST = JsonField.of("whitelist");

    private ApiField() {}
}
