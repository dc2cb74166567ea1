package dev.realtime.command;

import dev.realtime.api.client.Disconnect;
import dev.realtime.channel.Namespaces;
import dev.realtime.channel.PersonalChannel;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientOptions;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.PresenceManager;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Older connections of a user, which are closed when a new one comes, where that is wanted: on all nodes, with
 * {@link Disconnect#CONNECTION_LIMIT}. Presence in the personal channel says whether there are any, so that most new
 * connections need not ask the other nodes. Two that come at one moment may both stay.
 */
public final class OlderConnections {

    private final ClientOptions options;

    private final Namespaces namespaces;

    private final PresenceManager presenceManager;

    private final ControlBus controlBus;

    public OlderConnections(
            ClientOptions options, Namespaces namespaces, PresenceManager presenceManager, ControlBus controlBus) {
        this.options = options;
        this.namespaces = namespaces;
        this.presenceManager = presenceManager;
        this.controlBus = controlBus;
    }

    /** Closes the connections that the user of a new one has. */
    Mono<Void> closeAll(ClientConnection newest) {
        String userId = newest.profile().userId();
        if (!options.singleConnection() || !options.personalChannel() || userId.isEmpty()) {
            return Mono.empty();
        }
        String channel = PersonalChannel.name(options.personalChannelNamespace(), namespaces.rules(), userId);
        return Mono.defer(() -> presenceManager.stats(channel)).flatMap(stats -> {
            if (stats.clients() == 0) {
                return Mono.empty();
            }
            ClientSelector others =
                    new ClientSelector(userId, "", "", Set.of(newest.profile().clientId()));
            return controlBus.broadcast(new ControlCommand.DisconnectClients(others, Disconnect.CONNECTION_LIMIT));
        });
    }
}
