package dev.realtime.web.stream;

import dev.realtime.node.EmulationOutcome;
import reactor.core.publisher.Mono;

/** Node that passes commands to the node that has a session. */
@FunctionalInterface
public interface EmulationNode {

    /**
     * Passes on the commands of a client.
     *
     * @param nodeId node that has the session
     * @param session secret session id
     * @param data frame with commands
     */
    Mono<EmulationOutcome> emulate(String nodeId, String session, byte[] data);
}
