package dev.realtime.httpapi.command;

import reactor.core.publisher.Mono;

/** Command of the API, read from a request. */
public interface ApiCommand {

    /**
     * Runs the command. Refusals are {@link dev.realtime.api.RealtimeException}s, thrown or signalled.
     *
     * @return the result; never empty
     */
    Mono<ApiResult> run(ApiContext context);
}
