package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CHANNELS;
import static dev.realtime.httpapi.field.ApiField.RESPONSES;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.httpapi.field.ApiField;
import dev.realtime.httpapi.field.RequestData;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Command that publishes the same data into many channels. Failures are reported per channel; the command succeeds. */
record BroadcastCommand(List<String> channels, RequestData data, PublishOptions options) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        List<String> channels = List.of();
        PublishFields fields = new PublishFields();
        while (json.nextField()) {
            if (json.nameIs(CHANNELS)) {
                channels = channels(json);
            } else {
                fields.read(json);
            }
        }
        return new BroadcastCommand(channels, fields.data(), fields.options());
    }

    private static List<String> channels(JsonInput json) throws MalformedJsonException {
        List<String> channels = new ArrayList<>();
        if (json.openArray(CHANNELS)) {
            while (json.nextElement()) {
                channels.add(json.string(CHANNELS));
            }
        }
        return channels;
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        if (channels.isEmpty()) {
            throw new RealtimeException(ClientError.BAD_REQUEST, "A broadcast names no channels. Name at least one.");
        }
        if (channels.size() > context.maxBroadcastChannels()) {
            throw new RealtimeException(
                    ClientError.BAD_REQUEST,
                    "A broadcast names " + channels.size()
                            + " channels, more than realtime.http-api.max-broadcast-channels ("
                            + context.maxBroadcastChannels() + "). Split it, or increase the limit.");
        }
        return context.publisher()
                .broadcast(channels, data.payload(), options)
                .map(BroadcastCommand::reply)
                .collectList()
                .map(BroadcastCommand::result);
    }

    private static ApiReply reply(BroadcastOutcome outcome) {
        return outcome.result() == null
                ? ApiReply.failed("broadcast", outcome.error())
                : ApiReply.succeeded(PublishCommand.result(outcome.result()));
    }

    private static ApiResult result(List<ApiReply> replies) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.openArray(out, RESPONSES);
            for (ApiReply reply : replies) {
                JsonOutput.comma(out);
                reply.write(out, ApiField.RESULT);
            }
            JsonOutput.closeArray(out);
            JsonOutput.close(out);
        };
    }
}
