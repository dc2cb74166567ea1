package dev.realtime.webflux.stream;

import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.EmulationRules;
import dev.realtime.web.stream.StreamRefusedException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** Endpoint to which clients of HTTP streams and server-sent events post their commands. */
public final class EmulationEndpoint implements WebHandler {

    private final EmulationRules rules;

    private final OriginRule originRule;

    private final RefusalLog refusals;

    public EmulationEndpoint(EmulationRules rules, OriginRule originRule, RefusalLog refusals) {
        this.rules = rules;
        this.originRule = originRule;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        StreamRequest request = new StreamRequest(exchange, refusals);
        try {
            request.checkOrigin(originRule);
            if (rules.isPreflight(request.method())) {
                return request.permit();
            }
            rules.checkMethod(request.method());
            return request.body(rules.limits())
                    .flatMap(body -> rules.pass(body, request.header(HttpHeaders.CONTENT_TYPE)))
                    .then(Mono.defer(() -> request.end(HttpStatus.NO_CONTENT)))
                    .onErrorResume(StreamRefusedException.class, request::refuse);
        } catch (StreamRefusedException refusal) {
            return request.refuse(refusal);
        }
    }
}
