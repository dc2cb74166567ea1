package dev.realtime.httpapi.command;

import reactor.core.publisher.Mono;

/** One call of the API, read and not yet run. */
public interface ApiCommand {

    /**
     * Runs it. Refusals are {@link dev.realtime.api.RealtimeException}s, thrown or signalled.
     *
     * @return what to reply; never empty
     */
    Mono<ApiResult> run(ApiContext context);
}
