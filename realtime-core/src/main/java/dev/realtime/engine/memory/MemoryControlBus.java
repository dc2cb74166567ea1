package dev.realtime.engine.memory;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.client.EngineException;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.NodeHandler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The control bus of a single node: whatever is asked of all is asked of this one. */
final class MemoryControlBus implements ControlBus {

    /** How long a node may take to reply. */
    static final Duration SURVEY_TIMEOUT = Duration.ofSeconds(1);

    private final Scheduler scheduler;

    private volatile @Nullable NodeHandler handler;

    MemoryControlBus(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void start(NodeHandler handler) {
        this.handler = handler;
    }

    @Override
    public Mono<Void> broadcast(ControlCommand command) {
        return Mono.defer(() -> handler().run(command));
    }

    @Override
    public Flux<ControlAnswer> survey(ControlQuestion question) {
        return Mono.defer(() -> handler().answer(question))
                .timeout(SURVEY_TIMEOUT, Mono.empty(), scheduler)
                .flux();
    }

    @Override
    public Mono<ControlAnswer> ask(String nodeId, ControlQuestion question) {
        return Mono.defer(() -> {
            NodeHandler node = handler();
            if (!node.describe().id().equals(nodeId)) {
                return Mono.empty();
            }
            return node.answer(question).timeout(SURVEY_TIMEOUT, Mono.error(MemoryControlBus::late), scheduler);
        });
    }

    private static EngineException late() {
        return new EngineException("This node did not reply to a question about itself within %d ms."
                .formatted(SURVEY_TIMEOUT.toMillis()));
    }

    @Override
    public Mono<List<NodeDescription>> nodes() {
        return Mono.fromSupplier(() -> List.of(handler().describe()));
    }

    private NodeHandler handler() {
        NodeHandler handler = this.handler;
        if (handler == null) {
            throw new IllegalStateException("Control bus not started: call ControlBus.start first");
        }
        return handler;
    }
}
