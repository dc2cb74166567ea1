package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CHANNEL;

import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import reactor.core.publisher.Mono;

/** Command that ends the subscriptions of connections of a user to a channel. */
record UnsubscribeCommand(Recipients recipients, String channel) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        Recipients recipients = new Recipients();
        String channel = "";
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else {
                recipients.read(json);
            }
        }
        return new UnsubscribeCommand(recipients, channel);
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        // Centrifugo accepts a request without a channel, which has no subscribers.
        Mono<Void> unsubscribed = channel.isEmpty()
                ? Mono.empty()
                : context.channels().unsubscribe(recipients.user(), channel, recipients.connections());
        return unsubscribed.thenReturn(ApiResult.EMPTY);
    }
}
