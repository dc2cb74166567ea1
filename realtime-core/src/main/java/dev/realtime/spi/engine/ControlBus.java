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
     * Asks one node, once; no other node receives the question. {@link ControlQuestion.Emulate} reaches the handler of
     * that node in the order in which this node asked.
     *
     * @param nodeId id of the node; this one is asked without the engine
     * @param question question to answer, a frame of up to 64 KiB included
     * @return the reply; empty if no such node is known to live; fails with
     *     {@link dev.realtime.api.client.EngineException} if it does not reply in time
     */
    Mono<ControlAnswer> ask(String nodeId, ControlQuestion question);

    /**
     * Nodes known to live, this one included.
     *
     * @return the nodes
     */
    Mono<List<NodeDescription>> nodes();
}
