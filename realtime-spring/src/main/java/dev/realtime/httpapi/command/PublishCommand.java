package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CHANNEL;
import static dev.realtime.httpapi.field.ApiField.EPOCH;
import static dev.realtime.httpapi.field.ApiField.OFFSET;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.data.PublishResult;
import dev.realtime.httpapi.field.RequestData;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import reactor.core.publisher.Mono;

/** Command that publishes into one channel. */
record PublishCommand(String channel, RequestData data, PublishOptions options) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        String channel = "";
        PublishFields fields = new PublishFields();
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else {
                fields.read(json);
            }
        }
        return new PublishCommand(channel, fields.data(), fields.options());
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.publisher().publish(channel, data.payload(), options).map(PublishCommand::result);
    }

    /** Returns offset and epoch, which are omitted without history. */
    static ApiResult result(PublishResult result) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.number(out, OFFSET, result.position().offset());
            JsonOutput.string(out, EPOCH, result.position().epoch());
            JsonOutput.close(out);
        };
    }
}
