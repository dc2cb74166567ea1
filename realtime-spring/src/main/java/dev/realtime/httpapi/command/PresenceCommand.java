package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CLIENT;
import static dev.realtime.httpapi.field.ApiField.PRESENCE;
import static dev.realtime.httpapi.field.ApiField.USER;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.httpapi.field.ChannelField;
import dev.realtime.httpapi.field.PayloadField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.json.WireWriter;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Command that lists the clients in a channel. */
record PresenceCommand(String channel) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        return new PresenceCommand(ChannelField.read(json));
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.presence().presence(channel).map(PresenceCommand::result);
    }

    private static ApiResult result(Map<String, ClientInfo> presence) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.openObject(out, PRESENCE);
            presence.forEach((client, info) -> {
                JsonOutput.key(out, client);
                clientInfo(out, info);
            });
            JsonOutput.close(out);
            JsonOutput.close(out);
        };
    }

    /** Writes user and client even if empty. */
    static void clientInfo(WireWriter out, ClientInfo info) {
        JsonOutput.open(out);
        JsonOutput.name(out, USER);
        JsonOutput.string(out, info.userId());
        JsonOutput.name(out, CLIENT);
        JsonOutput.string(out, info.clientId());
        PayloadField.CONNECTION_INFO.write(out, info.connectionInfo());
        PayloadField.CHANNEL_INFO.write(out, info.channelInfo());
        JsonOutput.close(out);
    }
}
