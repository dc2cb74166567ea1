package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CHANNELS;
import static dev.realtime.httpapi.field.ApiField.NUM_CLIENTS;
import static dev.realtime.httpapi.field.ApiField.PATTERN;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Command that lists the channels with subscribers on any node. */
record ChannelsCommand(String pattern) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        String pattern = "";
        while (json.nextField()) {
            if (json.nameIs(PATTERN)) {
                pattern = json.string(PATTERN);
            } else {
                json.skipValue();
            }
        }
        return new ChannelsCommand(pattern);
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.channels()
                .list(pattern)
                .map(ChannelsCommand::result)
                .onErrorMap(RealtimeException.class, ChannelsCommand::asInternal);
    }

    /** Returns an internal error for an invalid pattern, as Centrifugo does. */
    private static RealtimeException asInternal(RealtimeException refused) {
        return new RealtimeException(ClientError.INTERNAL, String.valueOf(refused.getMessage()));
    }

    private static ApiResult result(Map<String, Integer> channels) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.openObject(out, CHANNELS);
            channels.forEach((name, clients) -> {
                JsonOutput.key(out, name);
                JsonOutput.open(out);
                JsonOutput.number(out, NUM_CLIENTS, clients);
                JsonOutput.close(out);
            });
            JsonOutput.close(out);
            JsonOutput.close(out);
        };
    }
}
