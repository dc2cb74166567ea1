package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CHANNEL;
import static dev.realtime.httpapi.field.ApiField.EPOCH;
import static dev.realtime.httpapi.field.ApiField.INFO;
import static dev.realtime.httpapi.field.ApiField.LIMIT;
import static dev.realtime.httpapi.field.ApiField.OFFSET;
import static dev.realtime.httpapi.field.ApiField.PUBLICATIONS;
import static dev.realtime.httpapi.field.ApiField.REVERSE;
import static dev.realtime.httpapi.field.ApiField.SINCE;
import static dev.realtime.httpapi.field.ApiField.TAGS;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.httpapi.field.PayloadField;
import dev.realtime.httpapi.field.StreamPositions;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.json.WireWriter;
import reactor.core.publisher.Mono;

/** Command that reads the history of a channel. */
record HistoryCommand(String channel, HistoryQuery query) implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        String channel = "";
        int limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else if (json.nameIs(LIMIT)) {
                limit = json.int32(LIMIT);
            } else if (json.nameIs(SINCE)) {
                since = StreamPositions.read(json, SINCE);
            } else if (json.nameIs(REVERSE)) {
                reverse = json.bool(REVERSE);
            } else {
                json.skipValue();
            }
        }
        return new HistoryCommand(channel, new HistoryQuery(limit, since, reverse));
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        return context.channels().history(channel, query).map(HistoryCommand::result);
    }

    /** Writes all three fields, even if empty. */
    private static ApiResult result(HistoryResult history) {
        return out -> {
            JsonOutput.open(out);
            JsonOutput.openArray(out, PUBLICATIONS);
            for (Publication publication : history.publications()) {
                JsonOutput.comma(out);
                publication(out, publication);
            }
            JsonOutput.closeArray(out);
            JsonOutput.name(out, EPOCH);
            JsonOutput.string(out, history.position().epoch());
            JsonOutput.name(out, OFFSET);
            JsonOutput.number(out, history.position().offset());
            JsonOutput.close(out);
        };
    }

    private static void publication(WireWriter out, Publication publication) {
        JsonOutput.open(out);
        PayloadField.DATA.write(out, publication.data());
        if (publication.info() != null) {
            JsonOutput.name(out, INFO);
            PresenceCommand.clientInfo(out, publication.info());
        }
        JsonOutput.number(out, OFFSET, publication.offset());
        if (!publication.tags().isEmpty()) {
            JsonOutput.openObject(out, TAGS);
            publication.tags().forEach((key, value) -> {
                JsonOutput.key(out, key);
                JsonOutput.string(out, value);
            });
            JsonOutput.close(out);
        }
        JsonOutput.close(out);
    }
}
