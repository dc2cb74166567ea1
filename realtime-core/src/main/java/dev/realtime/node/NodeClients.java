package dev.realtime.node;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The clients bean of a node. */
final class NodeClients implements RealtimeClients {

    private static final int MAX_REASON_BYTES = 123;

    private final ChannelOperations operations;

    private final ControlBus controlBus;

    NodeClients(ChannelOperations operations, ControlBus controlBus) {
        this.operations = operations;
        this.controlBus = controlBus;
    }

    @Override
    public Flux<ConnectedClient> connections(String userId) {
        return controlBus
                .survey(new ControlQuestion.Connections(userId))
                .ofType(ControlAnswer.Connections.class)
                .flatMapIterable(ControlAnswer.Connections::clients);
    }

    @Override
    public Mono<Void> disconnect(
            String userId, ConnectionFilter connections, Disconnect disconnect, Set<String> except) {
        ClientSelector clients = new ClientSelector(userId, connections.clientId(), "", Set.copyOf(except));
        return Mono.defer(() -> {
            refuseUnsendable(disconnect);
            return controlBus.broadcast(new ControlCommand.DisconnectClients(clients, disconnect));
        });
    }

    /** Other codes and longer reasons fit no close frame (RFC 6455, 5.5), or mean nothing to SDKs. */
    private static void refuseUnsendable(Disconnect disconnect) {
        boolean code = disconnect.code() >= 3000 && disconnect.code() <= 4999;
        boolean reason = disconnect.reason().getBytes(StandardCharsets.UTF_8).length <= MAX_REASON_BYTES;
        if (!code || !reason) {
            throw new RealtimeException(
                    ClientError.BAD_REQUEST,
                    "Invalid disconnect: the code must be from 3000 to 4999, and is " + disconnect.code()
                            + "; the reason must have at most " + MAX_REASON_BYTES + " bytes, and has "
                            + disconnect.reason().length() + " characters.");
        }
    }

    @Override
    public Mono<Void> refresh(
            String userId, ConnectionFilter connections, @Nullable Instant expireAt, @Nullable Object info) {
        return Mono.defer(() -> controlBus.broadcast(new ControlCommand.RefreshClients(
                NodeChannels.selector(userId, connections),
                false,
                UnixTime.seconds(expireAt),
                operations.payloadOrNull(info))));
    }

    @Override
    public Mono<Void> expire(String userId, ConnectionFilter connections) {
        return Mono.defer(() -> controlBus.broadcast(
                new ControlCommand.RefreshClients(NodeChannels.selector(userId, connections), true, 0, null)));
    }

    @Override
    public Mono<List<NodeDescription>> nodes() {
        return Mono.defer(controlBus::nodes);
    }
}
