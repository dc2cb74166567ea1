package dev.realtime.api;

import dev.realtime.api.client.Disconnect;
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

    /** Connections of a user; the empty user has all anonymous ones. */
    Flux<ConnectedClient> connections(String userId);

    /** Closes all connections of a user with {@link Disconnect#FORCE_DISCONNECT}. */
    default Mono<Void> disconnect(String userId) {
        return disconnect(userId, ConnectionFilter.ALL, Disconnect.FORCE_DISCONNECT, Set.of());
    }

    /**
     * Closes connections of a user. Fails with error 107 for a code below 3000 or above 4999, or a reason of more than
     * 123 bytes.
     *
     * @param except client ids that stay
     */
    Mono<Void> disconnect(String userId, ConnectionFilter connections, Disconnect disconnect, Set<String> except);

    /**
     * Moves the deadline of connections of a user.
     *
     * @param expireAtSeconds Unix time; 0 takes the deadline away, the past closes with 3005
     * @param info replaces what others see of the connections; an object or raw bytes, {@code null} leaves it
     */
    Mono<Void> refresh(String userId, ConnectionFilter connections, long expireAtSeconds, @Nullable Object info);

    /** Closes connections of a user as expired (3005), so that their clients get new tokens. */
    Mono<Void> expire(String userId, ConnectionFilter connections);

    /** Living nodes. */
    Mono<List<NodeDescription>> nodes();
}
