package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.EXPIRED;
import static dev.realtime.httpapi.field.ApiField.EXPIRE_AT;
import static dev.realtime.httpapi.field.ApiField.INFO;

import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.UnixTime;
import dev.realtime.protocol.json.JsonPayloads;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Command that changes the expiry time of connections of a user, or closes them as expired. */
record RefreshCommand(
        Recipients recipients,
        boolean expired,
        long expireAtSeconds,
        @Nullable Payload info) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        Recipients recipients = new Recipients();
        boolean expired = false;
        long expireAt = 0;
        Payload info = null;
        while (json.nextField()) {
            if (json.nameIs(EXPIRED)) {
                expired = json.bool(EXPIRED);
            } else if (json.nameIs(EXPIRE_AT)) {
                expireAt = json.int64(EXPIRE_AT);
            } else if (json.nameIs(INFO)) {
                info = JsonPayloads.read(json);
            } else {
                recipients.read(json);
            }
        }
        return new RefreshCommand(recipients, expired, expireAt, info);
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        Mono<Void> refreshed = expired
                ? context.clients().expire(recipients.user(), recipients.connections())
                : context.clients()
                        .refresh(recipients.user(), recipients.connections(), UnixTime.moment(expireAtSeconds), info);
        return refreshed.thenReturn(ApiResult.EMPTY);
    }
}
