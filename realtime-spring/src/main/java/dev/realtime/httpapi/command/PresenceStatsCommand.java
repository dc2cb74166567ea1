package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.NUM_CLIENTS;
import static dev.realtime.httpapi.field.ApiField.NUM_USERS;

import dev.realtime.api.data.PresenceStats;
import dev.realtime.httpapi.field.ChannelField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import reactor.core.publisher.Mono;

/** Command that counts the clients and users in a channel. */
record PresenceStatsCommand(String channel) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        return new PresenceStatsCommand(ChannelField.read(json));
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.presence().stats(channel).map(PresenceStatsCommand::result);
    }

    private static ApiResult result(PresenceStats stats) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.name(out, NUM_CLIENTS);
            JsonOutput.number(out, stats.clients());
            JsonOutput.name(out, NUM_USERS);
            JsonOutput.number(out, stats.users());
            JsonOutput.close(out);
        };
    }
}
