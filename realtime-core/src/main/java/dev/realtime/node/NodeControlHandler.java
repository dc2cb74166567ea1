package dev.realtime.node;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.client.Disconnect;
import dev.realtime.channel.Namespaces;
import dev.realtime.command.ClientActions;
import dev.realtime.connection.ClientConnections;
import dev.realtime.hub.Hub;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.NodeHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Handler of the commands and questions that the control bus brings to a node. */
final class NodeControlHandler implements NodeHandler {

    private final RealtimeNode node;

    private final ClientActions actions;

    private final ClientConnections clients;

    private final Hub hub;

    private final Namespaces namespaces;

    NodeControlHandler(
            RealtimeNode node, ClientActions actions, ClientConnections clients, Hub hub, Namespaces namespaces) {
        this.node = node;
        this.actions = actions;
        this.clients = clients;
        this.hub = hub;
        this.namespaces = namespaces;
    }

    @Override
    public Mono<Void> run(ControlCommand command) {
        return Mono.fromRunnable(() -> {
            if (command instanceof ControlCommand.DisconnectClients it) {
                actions.disconnect(it.clients(), it.disconnect());
            } else if (command instanceof ControlCommand.UnsubscribeClients it) {
                actions.unsubscribe(it.clients(), it.channel(), it.unsubscribe());
            } else if (command instanceof ControlCommand.SubscribeClients it) {
                namespaces.find(it.channel()).ifPresent(channel -> actions.subscribe(it, channel));
            } else if (command instanceof ControlCommand.RefreshClients it) {
                actions.refresh(it);
            } else if (command instanceof ControlCommand.InvalidateChannel it) {
                hub.invalidate(it.channel());
            }
        });
    }

    /** Has every client connect again: whether it still may is decided then. */
    @Override
    public Mono<Void> commandsMissed() {
        return Mono.fromRunnable(
                () -> clients.forEach(client -> actions.disconnect(client, Disconnect.FORCE_RECONNECT)));
    }

    @Override
    public Mono<ControlAnswer> answer(ControlQuestion question) {
        return Mono.defer(() -> {
            if (question instanceof ControlQuestion.Connections connections) {
                return Flux.fromIterable(List.copyOf(clients.ofUser(connections.userId())))
                        .flatMap(connection -> actions.describe(connection, node.id()))
                        .collectList()
                        .map(ControlAnswer.Connections::new);
            }
            if (question instanceof ControlQuestion.Emulate frame) {
                return Mono.just(new ControlAnswer.Emulated(clients.sessions().offer(frame.session(), frame.data())));
            }
            return Mono.just(channels((ControlQuestion.Channels) question));
        });
    }

    private ControlAnswer channels(ControlQuestion.Channels question) {
        Predicate<String> matches = ChannelPattern.compile(question.pattern());
        Map<String, Integer> counts = new HashMap<>();
        hub.forEach((channel, count) -> {
            if (count > 0 && matches.test(channel)) {
                counts.put(channel, count);
            }
        });
        return new ControlAnswer.Channels(counts);
    }

    @Override
    public NodeDescription describe() {
        return node.describe();
    }
}
