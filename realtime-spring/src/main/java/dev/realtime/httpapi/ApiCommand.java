package dev.realtime.httpapi;

import reactor.core.publisher.Mono;

/** One call of the API, read and not yet run. */
interface ApiCommand {

    /**
     * Runs it. Refusals are {@link dev.realtime.api.RealtimeException}s, thrown or signalled.
     *
     * @return what to reply; never empty
     */
    Mono<ApiResult> run(ApiContext context);
}
