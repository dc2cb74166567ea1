package dev.realtime.actuate;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.Disconnect;
import dev.realtime.channel.Namespaces;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import reactor.core.publisher.Mono;

/**
 * Actuator endpoint {@code realtime}: an overview of all nodes, the connections of a user, and two operations that end
 * connections and subscriptions. Each call queries every node, so it is meant for people, not for scraping.
 */
@Endpoint(id = "realtime")
public final class RealtimeEndpoint {

    private static final String WITHOUT_NAMESPACE = "(none)";

    private final RealtimeClients clients;

    private final RealtimeChannels channels;

    private final Namespaces namespaces;

    private final @Nullable IntSupplier serverPort;

    /**
     * @param serverPort port of its own that clients connect to, negative while it is closed; {@code null} for none
     */
    public RealtimeEndpoint(
            RealtimeClients clients,
            RealtimeChannels channels,
            Namespaces namespaces,
            @Nullable IntSupplier serverPort) {
        this.clients = clients;
        this.channels = channels;
        this.namespaces = namespaces;
        this.serverPort = serverPort;
    }

    /** Returns all nodes, and numbers of their channels. */
    @ReadOperation
    public Mono<RealtimeOverview> overview() {
        return Mono.zip(clients.nodes(), channels.list(""), this::overview);
    }

    private RealtimeOverview overview(List<NodeDescription> nodes, Map<String, Integer> subscribers) {
        Integer port = serverPort == null ? null : serverPort.getAsInt();
        return RealtimeOverview.of(port, nodes, subscribers, this::namespaceOf);
    }

    private String namespaceOf(String channel) {
        return namespaces
                .find(channel)
                .map(Channel::namespace)
                .filter(namespace -> !namespace.isEmpty())
                .orElse(WITHOUT_NAMESPACE);
    }

    /** Returns the connections of a user, on all nodes. */
    @ReadOperation
    public Mono<List<ConnectedClient>> connections(@Selector String user) {
        return clients.connections(user).collectList();
    }

    /** Closes the connections of a user, or one of them; their clients do not reconnect by themselves. */
    @DeleteOperation
    public Mono<Void> disconnect(@Selector String user, @Nullable String client) {
        return clients.disconnect(user, only(client), Disconnect.FORCE_DISCONNECT, Set.of());
    }

    /** Ends the subscription of the connections of a user, or of one of them, to a channel. */
    @DeleteOperation
    public Mono<Void> unsubscribe(@Selector String user, @Selector String channel, @Nullable String client) {
        return channels.unsubscribe(user, channel, only(client))
                .onErrorMap(RealtimeException.class, RealtimeEndpoint::badRequest);
    }

    private static ConnectionFilter only(@Nullable String client) {
        return client == null ? ConnectionFilter.ALL : ConnectionFilter.client(client);
    }

    private static InvalidEndpointRequestException badRequest(RealtimeException refused) {
        String message = String.valueOf(refused.getMessage());
        return new InvalidEndpointRequestException(message, message, refused);
    }
}
