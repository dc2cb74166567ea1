package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.NAME;
import static dev.realtime.httpapi.field.ApiField.NODES;
import static dev.realtime.httpapi.field.ApiField.NUM_CHANNELS;
import static dev.realtime.httpapi.field.ApiField.NUM_CLIENTS;
import static dev.realtime.httpapi.field.ApiField.NUM_SUBS;
import static dev.realtime.httpapi.field.ApiField.NUM_USERS;
import static dev.realtime.httpapi.field.ApiField.UID;
import static dev.realtime.httpapi.field.ApiField.UPTIME;
import static dev.realtime.httpapi.field.ApiField.VERSION;

import dev.realtime.api.NodeDescription;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.json.WireWriter;
import java.util.List;
import reactor.core.publisher.Mono;

/** Command that describes the running nodes. */
record InfoCommand() implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        while (json.nextField()) {
            json.skipValue();
        }
        return new InfoCommand();
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.clients().nodes().map(InfoCommand::result);
    }

    private static ApiResult result(List<NodeDescription> nodes) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.openArray(out, NODES);
            for (NodeDescription node : nodes) {
                JsonOutput.comma(out);
                node(out, node);
            }
            JsonOutput.closeArray(out);
            JsonOutput.close(out);
        };
    }

    /** Writes all fields except a zero uptime. */
    private static void node(WireWriter out, NodeDescription node) {
        JsonOutput.open(out);
        text(out, UID, node.id());
        text(out, NAME, node.name());
        text(out, VERSION, node.version());
        number(out, NUM_CLIENTS, node.clients());
        number(out, NUM_USERS, node.users());
        number(out, NUM_CHANNELS, node.channels());
        JsonOutput.number(out, UPTIME, node.uptimeSeconds());
        number(out, NUM_SUBS, node.subscriptions());
        JsonOutput.close(out);
    }

    private static void text(WireWriter out, JsonField field, String text) {
        JsonOutput.name(out, field);
        JsonOutput.string(out, text);
    }

    private static void number(WireWriter out, JsonField field, int number) {
        JsonOutput.name(out, field);
        JsonOutput.number(out, number);
    }
}
