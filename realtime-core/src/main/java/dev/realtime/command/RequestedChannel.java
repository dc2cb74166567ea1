package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the channel a command names, by the rules for clients. */
final class RequestedChannel {

    private static final Logger logger = LoggerFactory.getLogger(RequestedChannel.class);

    private RequestedChannel() {}

    /**
     * The channel, or {@code null} after the client was refused: disconnected for an empty name, error 102 for an
     * unknown namespace, 107 for a name that clients may not use.
     */
    static @Nullable Channel find(ClientConnection connection, long id, String name) {
        if (name.isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "a command named no channel");
            return null;
        }
        Optional<Channel> channel = connection.context().namespaces().find(name);
        if (channel.isEmpty()) {
            denied(connection, name, "the namespace does not exist");
            connection.fail(id, ClientError.UNKNOWN_CHANNEL);
            return null;
        }
        if (!connection.context().namespaces().admitsName(channel.get())) {
            denied(connection, name, "the name is not allowed for clients");
            connection.fail(id, ClientError.BAD_REQUEST);
            return null;
        }
        return channel.get();
    }

    private static void denied(ClientConnection connection, String name, String why) {
        if (logger.isDebugEnabled()) {
            logger.debug(
                    "Client {} of user '{}' is denied channel '{}': {}",
                    connection.clientId(),
                    connection.userId(),
                    // It comes from the client as it is, and may be long.
                    name.substring(0, Math.min(name.length(), 255)).replaceAll("\\p{Cntrl}", "?"),
                    why);
        }
    }
}
