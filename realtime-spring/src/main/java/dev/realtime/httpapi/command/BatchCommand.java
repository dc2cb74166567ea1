package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.COMMANDS;
import static dev.realtime.httpapi.field.ApiField.PARALLEL;
import static dev.realtime.httpapi.field.ApiField.REPLIES;

import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Command that runs several commands in order, or concurrently if {@code parallel}. Replies are in the order of the
 * commands; each may fail separately.
 */
public record BatchCommand(List<BatchItem> items, boolean parallel) implements ApiCommand {

    /** Concurrent commands of a parallel batch. */
    private static final int CONCURRENCY = 256;

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        List<BatchItem> items = List.of();
        boolean parallel = false;
        while (json.nextField()) {
            if (json.nameIs(COMMANDS)) {
                items = items(json);
            } else if (json.nameIs(PARALLEL)) {
                parallel = json.bool(PARALLEL);
            } else {
                json.skipValue();
            }
        }
        return new BatchCommand(items, parallel);
    }

    private static List<BatchItem> items(JsonInput json) throws MalformedJsonException {
        List<BatchItem> items = new ArrayList<>();
        if (json.openArray(COMMANDS)) {
            while (json.nextElement()) {
                items.add(BatchItem.read(json));
            }
        }
        return items;
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        Flux<BatchItem> all = Flux.fromIterable(items);
        Flux<ApiReply> replies = parallel
                ? all.flatMapSequential(item -> item.reply(context), CONCURRENCY)
                : all.concatMap(item -> item.reply(context));
        return replies.collectList().map(this::result);
    }

    private ApiResult result(List<ApiReply> replies) {
        return out -> {
            JsonOutput.open(out);
            if (!replies.isEmpty()) {
                JsonOutput.openArray(out, REPLIES);
                for (int index = 0; index < replies.size(); index++) {
                    JsonOutput.comma(out);
                    replies.get(index).write(out, items.get(index).field());
                }
                JsonOutput.closeArray(out);
            }
            JsonOutput.close(out);
        };
    }
}
