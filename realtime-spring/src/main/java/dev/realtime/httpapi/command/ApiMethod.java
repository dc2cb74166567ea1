package dev.realtime.httpapi.command;

import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import java.util.Arrays;
import java.util.List;

/**
 * Methods of the API. If a command of a batch contains several, the order of the constants decides which one runs, as
 * in Centrifugo.
 */
public enum ApiMethod {
    PUBLISH("publish", PublishCommand::read),
    BROADCAST("broadcast", BroadcastCommand::read),
    SUBSCRIBE("subscribe", SubscribeCommand::read),
    UNSUBSCRIBE("unsubscribe", UnsubscribeCommand::read),
    DISCONNECT("disconnect", DisconnectCommand::read),
    HISTORY("history", HistoryCommand::read),
    HISTORY_REMOVE("history_remove", HistoryRemoveCommand::read),
    PRESENCE("presence", PresenceCommand::read),
    PRESENCE_STATS("presence_stats", PresenceStatsCommand::read),
    INFO("info", InfoCommand::read),
    RPC("rpc", RpcCommand::read),
    REFRESH("refresh", RefreshCommand::read),
    CHANNELS("channels", ChannelsCommand::read),
    /** Not allowed in a batch. */
    BATCH("batch", BatchCommand::read);

    /** Methods that are allowed in a batch. */
    static final List<ApiMethod> BATCHED =
            Arrays.stream(values()).filter(method -> method != BATCH).toList();

    /** Reader of the fields of an opened object, up to its end. */
    @FunctionalInterface
    private interface Reader {

        public ApiCommand read(JsonInput json) throws MalformedJsonException;
    }

    private final String text;

    private final JsonField field;

    private final Reader reader;

    ApiMethod(String text, Reader reader) {
        this.text = text;
        this.field = JsonField.of(text);
        this.reader = reader;
    }

    /** Returns the last part of the path. */
    public String text() {
        return text;
    }

    /** Returns the name of the command and of its result in a batch. */
    public JsonField field() {
        return field;
    }

    public ApiCommand read(JsonInput json) throws MalformedJsonException {
        return reader.read(json);
    }
}
