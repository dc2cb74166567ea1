package dev.realtime.benchmarks;

import dev.realtime.api.NodeDescription;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.NodeHandler;
import reactor.core.publisher.Mono;

/** Node of a benchmark that measures an engine alone: it has no clients and does nothing. */
final class OneNode implements NodeHandler {

    @Override
    public Mono<Void> run(ControlCommand command) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> commandsMissed() {
        return Mono.empty();
    }

    @Override
    public Mono<ControlAnswer> answer(ControlQuestion question) {
        return Mono.empty();
    }

    @Override
    public NodeDescription describe() {
        return new NodeDescription("benchmark", "benchmark", "", 0, 0, 0, 0, 0);
    }
}
