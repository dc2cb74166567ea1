package dev.realtime.web.stream;

import dev.realtime.node.EmulationOutcome;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Rules for requests of clients of HTTP streams and server-sent events that post their commands, on every server. Any
 * node takes the commands and passes them to the node that has the stream. The reply is the same whether the session
 * exists or not.
 *
 * @param limits limits of the body
 * @param node passes the commands on, usually {@code RealtimeNode::emulate}
 */
public record EmulationRules(BodyLimits limits, EmulationNode node) {

    /** Path that clients expect. */
    public static final String DEFAULT_PATH = "/emulation";

    /** Returns whether a request asks for the permission of pages only. */
    public boolean isPreflight(String method) {
        return "OPTIONS".equals(method);
    }

    /** @throws StreamRefusedException if requests of this method have no commands */
    public void checkMethod(String method) throws StreamRefusedException {
        if (!"POST".equals(method)) {
            throw StreamRefusedException.method("POST, OPTIONS");
        }
    }

    /**
     * Passes on the commands of a request.
     *
     * @param contentType content type of the request; {@code null} if it has none
     * @return empty after the commands were passed on; fails with a {@link StreamRefusedException} if they were not
     */
    public Mono<Void> pass(byte[] body, @Nullable String contentType) {
        try {
            EmulationRequest commands = EmulationRequest.read(body, contentType);
            return node.emulate(commands.node(), commands.session(), commands.data())
                    .onErrorMap(failure -> StreamRefusedException.notPassedOn())
                    .flatMap(EmulationRules::reply);
        } catch (StreamRefusedException refusal) {
            return Mono.error(refusal);
        }
    }

    private static Mono<Void> reply(EmulationOutcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> Mono.empty();
            case UNKNOWN_NODE -> Mono.error(StreamRefusedException.unknownNode());
            case TOO_MANY_WAITING -> Mono.error(StreamRefusedException.tooManyCommands());
        };
    }
}
