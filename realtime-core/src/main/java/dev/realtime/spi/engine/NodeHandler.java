package dev.realtime.spi.engine;

import dev.realtime.api.NodeDescription;
import reactor.core.publisher.Mono;

/** Part of a node that its {@link ControlBus} calls, on threads of the engine; must not block them. */
public interface NodeHandler {

    /**
     * Runs a command on the connections of this node; completes when it was handed to all of them.
     *
     * @param command command to run
     * @return completes when the command has been run
     */
    Mono<Void> run(ControlCommand command);

    /**
     * Takes the safe side: commands of other nodes may not have reached this one and never will. Completes when that
     * was handed to all connections.
     *
     * @return completes when the clients concerned have been disconnected
     */
    Mono<Void> commandsMissed();

    /**
     * Returns the reply to a question about this node.
     *
     * @param question question to answer
     * @return the reply
     */
    Mono<ControlAnswer> answer(ControlQuestion question);

    /**
     * This node as its peers see it, at this moment.
     *
     * @return the description
     */
    NodeDescription describe();
}
