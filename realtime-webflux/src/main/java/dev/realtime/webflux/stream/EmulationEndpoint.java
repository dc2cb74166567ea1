package dev.realtime.webflux.stream;

import dev.realtime.node.EmulationOutcome;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.EmulationNode;
import dev.realtime.web.stream.EmulationRequest;
import dev.realtime.web.stream.StreamRefusedException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Endpoint to which clients of HTTP streams and server-sent events post their commands. Any node takes them and passes
 * them to the node that has the stream. The reply is the same whether the session exists or not.
 */
public final class EmulationEndpoint implements WebHandler {

    /** Path that clients expect. */
    public static final String DEFAULT_PATH = "/emulation";

    private static final String METHODS = "POST, OPTIONS";

    private final BodyLimits limits;

    private final EmulationNode node;

    private final OriginRule originRule;

    private final RefusalLog refusals;

    public EmulationEndpoint(BodyLimits limits, EmulationNode node, OriginRule originRule, RefusalLog refusals) {
        this.limits = limits;
        this.node = node;
        this.originRule = originRule;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        StreamRequest request = new StreamRequest(exchange, refusals);
        try {
            request.checkOrigin(originRule);
            if (request.hasMethod(HttpMethod.OPTIONS)) {
                return request.permit();
            }
            if (!request.hasMethod(HttpMethod.POST)) {
                throw StreamRefusedException.method(METHODS);
            }
            return request.body(limits)
                    .flatMap(body -> emulate(body, request))
                    .onErrorResume(StreamRefusedException.class, request::refuse);
        } catch (StreamRefusedException refusal) {
            return request.refuse(refusal);
        }
    }

    private Mono<Void> emulate(byte[] body, StreamRequest request) {
        try {
            EmulationRequest commands = EmulationRequest.read(body, request.header(HttpHeaders.CONTENT_TYPE));
            return node.emulate(commands.node(), commands.session(), commands.data())
                    .onErrorMap(failure -> StreamRefusedException.notPassedOn())
                    .flatMap(outcome -> answer(outcome, request));
        } catch (StreamRefusedException refusal) {
            return Mono.error(refusal);
        }
    }

    private static Mono<Void> answer(EmulationOutcome outcome, StreamRequest request) {
        return switch (outcome) {
            case ACCEPTED -> request.end(HttpStatus.NO_CONTENT);
            case UNKNOWN_NODE -> Mono.error(StreamRefusedException.unknownNode());
            case TOO_MANY_WAITING -> Mono.error(StreamRefusedException.tooManyCommands());
        };
    }
}
