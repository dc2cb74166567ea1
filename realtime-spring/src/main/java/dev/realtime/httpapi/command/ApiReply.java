package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.ERROR;

import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Outcome of a command: either a result or an error.
 *
 * @param result {@code null} if it failed
 * @param error {@code null} if it succeeded
 */
public record ApiReply(@Nullable ApiResult result, @Nullable ApiError error) {

    static ApiReply succeeded(ApiResult result) {
        return new ApiReply(result, null);
    }

    static ApiReply failed(String method, Throwable failure) {
        return new ApiReply(null, ApiError.of(method, failure));
    }

    /** Runs a command. The publisher never fails. */
    public static Mono<ApiReply> to(ApiMethod method, ApiCommand command, ApiContext context) {
        return Mono.defer(() -> command.run(context))
                .map(ApiReply::succeeded)
                .onErrorResume(failure -> Mono.just(failed(method.text(), failure)));
    }

    /** Writes an object with the result or the error as its only field. */
    public void write(WireWriter out, JsonField nameOfResult) {
        JsonOutput.open(out);
        if (error == null) {
            JsonOutput.name(out, nameOfResult);
            Objects.requireNonNull(result).write(out);
        } else {
            JsonOutput.name(out, ERROR);
            error.write(out);
        }
        JsonOutput.close(out);
    }
}
