package dev.realtime.spi.engine;

import dev.realtime.api.NodeDescription;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Carries commands and questions from node to node, and knows which nodes live. Rules for threads and time limits are
 * those of {@link Broker}.
 */
public interface ControlBus {

    /**
     * Sets the handler for commands and questions to this node. Called once, before anything else.
     *
     * @param handler receiver of commands and questions
     */
    void start(NodeHandler handler);

    /**
     * Has every node run a command, this one included. Completes when the command is on its way to all and was run
     * here.
     *
     * @param command command to run
     * @return completes when the command has been sent to all nodes and was run here
     */
    Mono<Void> broadcast(ControlCommand command);

    /**
     * Asks every living node; one reply each, this node's included. Nodes that do not reply in time are left out.
     *
     * @param question question to answer
     * @return the replies
     */
    Flux<ControlAnswer> survey(ControlQuestion question);

    /**
     * Nodes known to live, this one included.
     *
     * @return the nodes
     */
    Mono<List<NodeDescription>> nodes();
}
