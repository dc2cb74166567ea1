package dev.realtime.command;

import dev.realtime.api.client.Disconnect;
import dev.realtime.channel.PersonalChannel;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Closes the older connections of a user when a new one comes, where that is wanted: on all nodes, with
 * {@link Disconnect#CONNECTION_LIMIT}. Presence in the personal channel says whether there are any, so that most new
 * connections need not ask the other nodes. Two that come at one moment may both stay.
 */
final class SingleConnection {

    private final ConnectionContext context;

    SingleConnection(ConnectionContext context) {
        this.context = context;
    }

    Mono<Void> closeOthers(ClientConnection connection) {
        ClientOptions options = context.options();
        String userId = connection.userId();
        if (!options.singleConnection() || !options.personalChannel() || userId.isEmpty()) {
            return Mono.empty();
        }
        String channel = PersonalChannel.name(
                options.personalChannelNamespace(), context.namespaces().rules(), userId);
        return Mono.defer(() -> context.presenceManager().stats(channel)).flatMap(stats -> {
            if (stats.clients() == 0) {
                return Mono.empty();
            }
            ClientSelector others = new ClientSelector(userId, "", "", Set.of(connection.clientId()));
            return context.controlBus()
                    .broadcast(new ControlCommand.DisconnectClients(others, Disconnect.CONNECTION_LIMIT));
        });
    }
}
