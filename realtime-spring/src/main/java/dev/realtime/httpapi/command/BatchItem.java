package dev.realtime.httpapi.command;

import dev.realtime.httpapi.field.ApiField;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Element of a batch. */
sealed interface BatchItem {

    /** Runs the command, if the element is valid. */
    Mono<ApiReply> reply(ApiContext context);

    /** Returns the name of the result in the reply. */
    JsonField field();

    /** Command with its method. */
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

    /** Element without a known method. */
    record Invalid(ApiError error) implements BatchItem {

        private static final Invalid UNKNOWN = new Invalid(ApiError.NOT_FOUND);

        private static final Invalid NULL = new Invalid(ApiError.BAD_REQUEST);

        @Override
        public Mono<ApiReply> reply(ApiContext context) {
            return Mono.just(new ApiReply(null, error));
        }

        @Override
        public JsonField field() {
            return ApiField.RESULT;
        }
    }

    /** Reads an element. If it names several methods, the first in the order of {@link ApiMethod} is used. */
    static BatchItem read(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(ApiField.COMMANDS)) {
            return Invalid.NULL;
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
        return method == null || command == null ? Invalid.UNKNOWN : new Call(method, command);
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
