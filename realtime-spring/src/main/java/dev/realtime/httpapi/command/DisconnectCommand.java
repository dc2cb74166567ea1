package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CODE;
import static dev.realtime.httpapi.field.ApiField.DISCONNECT;
import static dev.realtime.httpapi.field.ApiField.REASON;
import static dev.realtime.httpapi.field.ApiField.WHITELIST;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import java.util.HashSet;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Command that closes connections of a user. */
record DisconnectCommand(Recipients recipients, Disconnect disconnect, Set<String> whitelist) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        Recipients recipients = new Recipients();
        Disconnect disconnect = Disconnect.FORCE_DISCONNECT;
        Set<String> whitelist = Set.of();
        while (json.nextField()) {
            if (json.nameIs(DISCONNECT)) {
                disconnect = disconnect(json);
            } else if (json.nameIs(WHITELIST)) {
                whitelist = whitelist(json);
            } else {
                recipients.read(json);
            }
        }
        return new DisconnectCommand(recipients, disconnect, whitelist);
    }

    private static Disconnect disconnect(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(DISCONNECT)) {
            return Disconnect.FORCE_DISCONNECT;
        }
        long code = 0;
        String reason = "";
        while (json.nextField()) {
            if (json.nameIs(CODE)) {
                code = json.uint32(CODE);
            } else if (json.nameIs(REASON)) {
                reason = json.string(REASON);
            } else {
                json.skipValue();
            }
        }
        // A value beyond int is out of the range of codes, and refused as such.
        return new Disconnect((int) Math.min(code, Integer.MAX_VALUE), reason);
    }

    private static Set<String> whitelist(JsonInput json) throws MalformedJsonException {
        Set<String> whitelist = new HashSet<>();
        if (json.openArray(WHITELIST)) {
            while (json.nextElement()) {
                whitelist.add(json.string(WHITELIST));
            }
        }
        return whitelist;
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.clients()
                .disconnect(recipients.user(), recipients.connections(), disconnect, whitelist)
                .thenReturn(ApiResult.EMPTY);
    }
}
