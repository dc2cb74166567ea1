package dev.realtime.httpapi.command;

import dev.realtime.httpapi.field.ApiField;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One element of a batch. */
sealed interface BatchItem {

    /** Runs it, if there is anything to run. */
    Mono<ApiReply> reply(ApiContext context);

    /** Name of its result in the reply. */
    JsonField field();

    /** A command. */
    record Call(ApiMethod method, ApiCommand command) implements BatchItem {

        @Override
        public Mono<ApiReply> reply(ApiContext context) {
            return ApiReply.to(method, command, context);
        }

        @Override
        public JsonField field() {
            return method.field();
        }
    }

    /** An element that names no method of the API. */
    record Nothing(ApiError error) implements BatchItem {

        private static final Nothing UNKNOWN = new Nothing(ApiError.NOT_FOUND);

        private static final Nothing NULL = new Nothing(ApiError.BAD_REQUEST);

        @Override
        public Mono<ApiReply> reply(ApiContext context) {
            return Mono.just(new ApiReply(null, error));
        }

        @Override
        public JsonField field() {
            return ApiField.RESULT;
        }
    }

    /** Of several methods in one element the first in the order of {@link ApiMethod} counts. */
    static BatchItem read(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(ApiField.COMMANDS)) {
            return Nothing.NULL;
        }
        ApiMethod method = null;
        ApiCommand command = null;
        while (json.nextField()) {
            ApiMethod named = named(json);
            if (named == null) {
                json.skipValue();
            } else if (json.openObject(named.field())) {
                ApiCommand read = named.read(json);
                if (method == null || named.compareTo(method) <= 0) {
                    method = named;
                    command = read;
                }
            }
        }
        return method == null || command == null ? Nothing.UNKNOWN : new Call(method, command);
    }

    private static @Nullable ApiMethod named(JsonInput json) {
        for (ApiMethod method : ApiMethod.BATCHED) {
            if (json.nameIs(method.field())) {
                return method;
            }
        }
        return null;
    }
}
