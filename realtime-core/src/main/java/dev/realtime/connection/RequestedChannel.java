package dev.realtime.connection;

import dev.realtime.channel.Channel;
import dev.realtime.protocol.ClientError;
import dev.realtime.protocol.Disconnect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the channel a command names, by the rules for clients. */
final class RequestedChannel {

    private RequestedChannel() {}

    /**
     * The channel, or {@code null} after the client was refused: disconnected for an empty name, error 102 for an unknown
     * namespace, 107 for a name that clients may not use.
     */
    static @Nullable Channel find(ClientConnection connection, long id, String name) {
        if (name.isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "a command named no channel");
            return null;
        }
        Optional<Channel> channel = connection.context().namespaces().find(name);
        if (channel.isEmpty()) {
            connection.fail(id, ClientError.UNKNOWN_CHANNEL);
            return null;
        }
        if (!connection.context().namespaces().admitsName(channel.get())) {
            connection.fail(id, ClientError.BAD_REQUEST);
            return null;
        }
        return channel.get();
    }
}
