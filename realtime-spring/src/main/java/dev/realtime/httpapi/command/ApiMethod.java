package dev.realtime.httpapi.command;

import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import java.util.Arrays;
import java.util.List;

/**
 * The methods of the API. Their order decides which one runs where a command of a batch holds several; it is that of
 * the reference server.
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
    /** Not itself part of a batch. */
    BATCH("batch", BatchCommand::read);

    /** All that can be part of a batch. */
    static final List<ApiMethod> BATCHED =
            Arrays.stream(values()).filter(method -> method != BATCH).toList();

    /** Reads the fields of an object that was just opened, to its end. */
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

    /** Last part of the path. */
    public String text() {
        return text;
    }

    /** Name of the command and of its result in a batch. */
    public JsonField field() {
        return field;
    }

    public ApiCommand read(JsonInput json) throws MalformedJsonException {
        return reader.read(json);
    }
}
