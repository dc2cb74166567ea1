package dev.realtime.httpapi.field;

import dev.realtime.json.JsonField;

/** Names of fields in requests and replies. */
public final class ApiField {

    public static final JsonField BASE64_DATA = JsonField.of("b64data");
    public static final JsonField BASE64_INFO = JsonField.of("b64info");
    public static final JsonField CHANNEL = JsonField.of("channel");
    public static final JsonField CHANNELS = JsonField.of("channels");
    public static final JsonField CLIENT = JsonField.of("client");
    public static final JsonField CODE = JsonField.of("code");
    public static final JsonField COMMANDS = JsonField.of("commands");
    public static final JsonField DATA = JsonField.of("data");
    public static final JsonField DELTA = JsonField.of("delta");
    public static final JsonField DISCONNECT = JsonField.of("disconnect");
    public static final JsonField EPOCH = JsonField.of("epoch");
    public static final JsonField ERROR = JsonField.of("error");
    public static final JsonField EXCEPT_CLIENT = JsonField.of("except_client");
    public static final JsonField EXCEPT_USER = JsonField.of("except_user");
    public static final JsonField EXPIRED = JsonField.of("expired");
    public static final JsonField EXPIRE_AT = JsonField.of("expire_at");
    public static final JsonField FORCE_POSITIONING = JsonField.of("force_positioning");
    public static final JsonField FORCE_PUSH_JOIN_LEAVE = JsonField.of("force_push_join_leave");
    public static final JsonField FORCE_RECOVERY = JsonField.of("force_recovery");
    public static final JsonField IDEMPOTENCY_KEY = JsonField.of("idempotency_key");
    public static final JsonField INFO = JsonField.of("info");
    public static final JsonField JOIN_LEAVE = JsonField.of("join_leave");
    public static final JsonField LIMIT = JsonField.of("limit");
    public static final JsonField MESSAGE = JsonField.of("message");
    public static final JsonField METHOD = JsonField.of("method");
    public static final JsonField NAME = JsonField.of("name");
    public static final JsonField NODES = JsonField.of("nodes");
    public static final JsonField NUM_CHANNELS = JsonField.of("num_channels");
    public static final JsonField NUM_CLIENTS = JsonField.of("num_clients");
    public static final JsonField NUM_SUBS = JsonField.of("num_subs");
    public static final JsonField NUM_USERS = JsonField.of("num_users");
    public static final JsonField OFFSET = JsonField.of("offset");
    public static final JsonField OVERRIDE = JsonField.of("override");
    public static final JsonField SERVER_TAGS_FILTER = JsonField.of("server_tags_filter");
    public static final JsonField PARALLEL = JsonField.of("parallel");
    public static final JsonField PARAMS = JsonField.of("params");
    public static final JsonField PATTERN = JsonField.of("pattern");
    public static final JsonField PRESENCE = JsonField.of("presence");
    public static final JsonField PUBLICATIONS = JsonField.of("publications");
    public static final JsonField REASON = JsonField.of("reason");
    public static final JsonField RECOVER_SINCE = JsonField.of("recover_since");
    public static final JsonField REPLIES = JsonField.of("replies");
    public static final JsonField RESPONSES = JsonField.of("responses");
    public static final JsonField RESULT = JsonField.of("result");
    public static final JsonField REVERSE = JsonField.of("reverse");
    public static final JsonField SESSION = JsonField.of("session");
    public static final JsonField SINCE = JsonField.of("since");
    public static final JsonField SKIP_HISTORY = JsonField.of("skip_history");
    public static final JsonField TAGS = JsonField.of("tags");
    public static final JsonField UID = JsonField.of("uid");
    public static final JsonField UPTIME = JsonField.of("uptime");
    public static final JsonField USER = JsonField.of("user");
    public static final JsonField VALUE = JsonField.of("value");
    public static final JsonField VERSION = JsonField.of("version");
    public static final JsonField VERSION_EPOCH = JsonField.of("version_epoch");
    public static final JsonField WHITELIST = JsonField.of("whitelist");

    private ApiField() {}
}
