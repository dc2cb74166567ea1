package dev.realtime.api;

import dev.realtime.api.client.Disconnect;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Acts on connections of users, on every node. The rules for threads and failures are those of
 * {@link RealtimePublisher}.
 */
@CheckReturnValue
public interface RealtimeClients {

    /**
     * Returns the connections of a user.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @return a description of each connection, node after node
     */
    Flux<ConnectedClient> connections(String userId);

    /**
     * Closes all connections of a user with {@link Disconnect#FORCE_DISCONNECT}.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @return completes when the nodes were asked
     */
    default Mono<Void> disconnect(String userId) {
        return disconnect(userId, ConnectionFilter.ALL, Disconnect.FORCE_DISCONNECT, Set.of());
    }

    /**
     * Closes connections of a user.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param connections which connections
     * @param disconnect code, 3000 to 4999, and reason, at most 123 bytes
     * @param except client ids that stay
     * @return completes when the nodes were asked; fails with 107 for another code or a longer reason
     * @see <a href="https://centrifugal.dev/docs/server/codes">Codes of the protocol</a>
     */
    Mono<Void> disconnect(String userId, ConnectionFilter connections, Disconnect disconnect, Set<String> except);

    /**
     * Moves the deadline of connections of a user.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param connections which connections
     * @param expireAt the new deadline, in whole seconds; {@code null} takes it away, the past closes with 3005
     * @param info replaces what others see of the connections; an object or raw bytes, {@code null} leaves it
     * @return completes when the nodes were asked
     */
    Mono<Void> refresh(String userId, ConnectionFilter connections, @Nullable Instant expireAt, @Nullable Object info);

    /**
     * Closes connections of a user as expired (3005), so that their clients get new tokens.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param connections which connections
     * @return completes when the nodes were asked
     */
    Mono<Void> expire(String userId, ConnectionFilter connections);

    /**
     * Returns the nodes that run.
     *
     * @return this node and those that reported recently, in no order
     */
    Mono<List<NodeDescription>> nodes();
}
