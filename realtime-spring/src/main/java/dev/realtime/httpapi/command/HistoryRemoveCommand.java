package dev.realtime.httpapi.command;

import dev.realtime.httpapi.field.ChannelField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import reactor.core.publisher.Mono;

/** Command that removes the history of a channel. */
record HistoryRemoveCommand(String channel) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        return new HistoryRemoveCommand(ChannelField.read(json));
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.channels().removeHistory(channel).thenReturn(ApiResult.EMPTY);
    }
}
