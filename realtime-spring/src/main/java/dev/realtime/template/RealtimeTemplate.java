package dev.realtime.template;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.ConnectedClient;
import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.PayloadReader;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import reactor.core.publisher.Mono;

/**
 * Blocking facade over {@link RealtimePublisher}, {@link RealtimeChannels}, {@link RealtimePresence} and
 * {@link RealtimeClients}, for code that may block: controllers of Spring MVC, {@code @Transactional} services,
 * scheduled tasks, virtual threads. Inject it by type.
 *
 * <p>Each method runs the call on the calling thread, waits for it and returns its result. Each throws:
 *
 * <ul>
 *   <li>{@link RealtimeException} when the call is refused, and with the temporary error 100 when it takes longer than
 *       {@code realtime.template.timeout} (default 5 s) or when the thread is interrupted, whose interrupt status stays
 *       set. In these two cases the call may still take effect.
 *   <li>{@link EngineException} when the engine fails, for instance because Redis cannot be reached. The call may have
 *       taken effect.
 *   <li>{@link IllegalStateException} on an event loop or another thread that must not block; the call has no effect.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RealtimeTemplate {

    /** Default time limit of a call. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final RealtimePublisher publisher;

    private final RealtimeChannels channels;

    private final RealtimePresence presence;

    private final RealtimeClients clients;

    private final PayloadReader reader;

    private final BlockingCalls calls;

    /**
     * Creates a template.
     *
     * @param publisher publishes
     * @param channels reads history, subscribes and unsubscribes
     * @param presence reads presence
     * @param clients acts on connections
     * @param reader reads the data of publications as objects of the application
     * @param timeout time limit of each call; positive
     * @throws IllegalArgumentException if the time limit is zero or negative
     */
    public RealtimeTemplate(
            RealtimePublisher publisher,
            RealtimeChannels channels,
            RealtimePresence presence,
            RealtimeClients clients,
            PayloadReader reader,
            Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The time limit of a call must be positive, not " + timeout + ".");
        }
        this.publisher = publisher;
        this.channels = channels;
        this.presence = presence;
        this.clients = clients;
        this.reader = reader;
        this.calls = new BlockingCalls(timeout);
    }

    /**
     * Publishes into a channel.
     *
     * @param channel name of the channel; it needs no subscriber
     * @param data an object for the application's {@code JsonMapper}, or {@code byte[]} or a payload, sent as they are
     * @return the position in the stream, {@link StreamPosition#NONE} without history
     * @throws RealtimeException with error 107 if the name of the channel is empty or its namespace requires data of
     *     another format, 102 if the namespace is unknown
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    public PublishResult publish(String channel, Object data) {
        return publish(channel, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes into a channel with options.
     *
     * @param channel name of the channel
     * @param data as in {@link #publish(String, Object)}
     * @param options options of this publish
     * @return the position in the stream, {@link StreamPosition#NONE} without history, and the reason if an idempotency
     *     key or a version suppressed the publication
     * @throws RealtimeException as {@link #publish(String, Object)} throws it
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    public PublishResult publish(String channel, Object data, PublishOptions options) {
        return required("publish", publisher.publish(channel, data, options));
    }

    /**
     * Publishes JSON text into a channel as the JSON that it is.
     *
     * @param channel name of the channel
     * @param json one JSON value as text, passed on as it is
     * @return the position in the stream, {@link StreamPosition#NONE} without history
     * @throws RealtimeException with error 107 if the text is not JSON, and as {@link #publish(String, Object)} throws
     *     it
     * @throws EngineException if the engine fails
     */
    public PublishResult publishJson(String channel, String json) {
        return publishJson(channel, json, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes JSON text into a channel as the JSON that it is, with options.
     *
     * @param channel name of the channel
     * @param json one JSON value as text, passed on as it is
     * @param options options of this publish
     * @return the position in the stream, {@link StreamPosition#NONE} without history
     * @throws RealtimeException with error 107 if the text is not JSON, and as {@link #publish(String, Object)} throws
     *     it
     * @throws EngineException if the engine fails
     */
    public PublishResult publishJson(String channel, String json, PublishOptions options) {
        return required("publish", publisher.publishJson(channel, json, options));
    }

    /**
     * Publishes the same data into many channels. A channel that fails does not stop the others.
     *
     * @param names names of the channels; empty for none
     * @param data as in {@link #publish(String, Object)}
     * @return one outcome per channel, in their order: a result, or the failure of that channel
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    public List<BroadcastOutcome> broadcast(Collection<String> names, Object data) {
        return broadcast(names, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes the same data into many channels with options.
     *
     * @param names names of the channels; empty for none
     * @param data as in {@link #publish(String, Object)}
     * @param options options of each publish
     * @return one outcome per channel, in their order: a result, or the failure of that channel
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    public List<BroadcastOutcome> broadcast(Collection<String> names, Object data, PublishOptions options) {
        return required("broadcast", publisher.broadcast(names, data, options).collectList());
    }

    /**
     * Publishes to all connections of a user through its personal channel.
     *
     * @param userId id of the user; not empty
     * @param data as in {@link #publish(String, Object)}
     * @return the position in the stream of the personal channel
     * @throws RealtimeException with error 107 if the user id is empty or the channel requires data of another format,
     *     108 unless {@code realtime.client.subscribe-to-user-personal-channel.enabled} is true
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    public PublishResult publishToUser(String userId, Object data) {
        return publishToUser(userId, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes to all connections of a user with options.
     *
     * @param userId id of the user; not empty
     * @param data as in {@link #publish(String, Object)}
     * @param options options of this publish
     * @return the position in the stream of the personal channel
     * @throws RealtimeException as {@link #publishToUser(String, Object)} throws it
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    public PublishResult publishToUser(String userId, Object data, PublishOptions options) {
        return required("publishToUser", publisher.publishToUser(userId, data, options));
    }

    /**
     * Publishes into a channel after the commit of the transaction of this thread. Writes the data as JSON, registers
     * the publication and returns. Publishes nothing if the transaction rolls back. A failure after the commit is
     * logged, counted and published as {@code PublishAfterCommitFailedEvent}.
     *
     * @param channel name of the channel
     * @param data as in {@link #publish(String, Object)}
     * @throws RealtimeException as {@link #publish(String, Object)} throws it, before the commit, so that the
     *     transaction can roll back
     * @throws IllegalArgumentException if the data cannot be written as JSON
     * @throws IllegalStateException if there is no transaction, or if it has ended
     */
    public void publishAfterCommit(String channel, Object data) {
        publishAfterCommit(channel, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes into a channel with options after the commit of the transaction of this thread.
     *
     * @param channel name of the channel
     * @param data as in {@link #publish(String, Object)}
     * @param options options of the publish
     * @throws RealtimeException as {@link #publish(String, Object)} throws it, before the commit, so that the
     *     transaction can roll back
     * @throws IllegalArgumentException if the data cannot be written as JSON
     * @throws IllegalStateException if there is no transaction, or if it has ended
     * @see #publishAfterCommit(String, Object)
     */
    public void publishAfterCommit(String channel, Object data, PublishOptions options) {
        calls.await("publishAfterCommit", publisher.publishAfterCommit(channel, data, options));
    }

    /**
     * Reads the history of a channel, as bytes.
     *
     * @param channel name of a channel with history
     * @param query choice of the publications and their order
     * @return the publications and the top of the stream
     * @throws RealtimeException with error 107 if the name of the channel is empty or the query reads in reverse from
     *     offset 0, 102 if the namespace is unknown, 108 if the channel has no history, 112 if the epoch of the query
     *     is not that of the stream
     * @throws EngineException if the engine fails
     */
    public HistoryResult history(String channel, HistoryQuery query) {
        return required("history", channels.history(channel, query));
    }

    /**
     * Reads the history of a channel, as objects.
     *
     * @param <T> type of the data
     * @param channel name of a channel with history
     * @param query choice of the publications and their order
     * @param type type of the data
     * @return the publications and the top of the stream
     * @throws RealtimeException as {@link #history(String, HistoryQuery)} throws it
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if data in the channel is not JSON of the type
     */
    public <T> TypedHistory<T> history(String channel, HistoryQuery query, Class<T> type) {
        return typed(history(channel, query), type);
    }

    /**
     * Reads the history of a channel, as objects of a generic type.
     *
     * @param <T> type of the data
     * @param channel name of a channel with history
     * @param query choice of the publications and their order
     * @param type type of the data
     * @return the publications and the top of the stream
     * @throws RealtimeException as {@link #history(String, HistoryQuery)} throws it
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if data in the channel is not JSON of the type
     */
    public <T> TypedHistory<T> history(String channel, HistoryQuery query, ParameterizedTypeReference<T> type) {
        return typed(history(channel, query), type.getType());
    }

    @SuppressWarnings("unchecked") // The reader returns objects of the type, or fails.
    private <T> TypedHistory<T> typed(HistoryResult history, Type type) {
        return new TypedHistory<>(
                history.publications().stream()
                        .map(publication ->
                                new TypedHistory.Item<>((T) reader.read(publication.data(), type), publication))
                        .toList(),
                history.position());
    }

    /**
     * Returns the top of a stream. Read it before the state it belongs to, then let the client recover from it.
     *
     * @param channel name of a channel with history
     * @return the top of the stream; offset 0 if nothing was published
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown,
     *     108 if the channel has no history
     * @throws EngineException if the engine fails
     */
    public StreamPosition position(String channel) {
        return required("position", channels.position(channel));
    }

    /**
     * Removes the history of a channel. Offset and epoch continue.
     *
     * @param channel name of a channel with history
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown,
     *     108 if the channel has no history
     * @throws EngineException if the engine fails
     */
    public void removeHistory(String channel) {
        calls.await("removeHistory", channels.removeHistory(channel));
    }

    /**
     * Returns the channels that have subscribers on any node. Intended for up to some thousand channels.
     *
     * @param pattern glob over the whole name, at most 255 characters; empty for all
     * @return number of clients by name of the channel, without nodes that do not reply in time; empty for no channel
     * @throws RealtimeException with error 107 if the pattern is not a valid glob
     * @throws EngineException if the engine fails
     */
    public Map<String, Integer> channels(String pattern) {
        return required("channels", channels.list(pattern));
    }

    /**
     * Returns the clients in a channel, on all nodes.
     *
     * @param channel name of a channel with presence
     * @return info by client id
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown,
     *     108 if the channel has no presence
     * @throws ResultTooLongException if the channel has more clients than the engine returns
     * @throws EngineException if the engine fails
     */
    public Map<String, ClientInfo> presence(String channel) {
        return required("presence", presence.presence(channel));
    }

    /**
     * Returns how many clients and distinct users are in a channel, on all nodes. Costs much less than
     * {@link #presence(String)}.
     *
     * @param channel name of a channel with presence
     * @return the numbers; zero for an empty channel
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown,
     *     108 if the channel has no presence
     * @throws EngineException if the engine fails
     */
    public PresenceStats presenceStats(String channel) {
        return required("presenceStats", presence.stats(channel));
    }

    /**
     * Returns the users in a channel, on all nodes.
     *
     * @param channel name of a channel with presence
     * @return ids of the users, without anonymous ones
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown,
     *     108 if the channel has no presence
     * @throws ResultTooLongException if the channel has more clients than the engine returns
     * @throws EngineException if the engine fails
     */
    public Set<String> users(String channel) {
        return presence(channel).values().stream()
                .map(ClientInfo::userId)
                .filter(user -> !user.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns whether a user is in a channel with at least one connection, on any node.
     *
     * @param channel name of a channel with presence
     * @param userId id of the user; empty for an anonymous client
     * @return {@code true} if at least one connection of the user is subscribed
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown,
     *     108 if the channel has no presence
     * @throws ResultTooLongException if the channel has more clients than the engine returns
     * @throws EngineException if the engine fails
     */
    public boolean isPresent(String channel, String userId) {
        return presence(channel).values().stream()
                .anyMatch(client -> client.userId().equals(userId));
    }

    /**
     * Subscribes all connections of a user, on every node, to a channel.
     *
     * @param userId id of the user; empty for all anonymous connections. A user without a connection is no error
     * @param channel name of the channel
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown
     * @throws EngineException if the engine fails
     */
    public void subscribe(String userId, String channel) {
        subscribe(userId, channel, SubscribeOptions.DEFAULTS);
    }

    /**
     * Subscribes connections of a user with options.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @param channel name of the channel
     * @param options which connections, and options of the subscription
     * @throws RealtimeException with error 110 if the expiry time of the subscription is past, and as
     *     {@link #subscribe(String, String)} throws it
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if info or data cannot be written as JSON
     */
    public void subscribe(String userId, String channel, SubscribeOptions options) {
        calls.await("subscribe", channels.subscribe(userId, channel, options));
    }

    /**
     * Ends the subscription of all connections of a user, on every node, to a channel.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @param channel name of the channel
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown
     * @throws EngineException if the engine fails
     */
    public void unsubscribe(String userId, String channel) {
        unsubscribe(userId, channel, ConnectionFilter.ALL);
    }

    /**
     * Ends the subscription of some connections of a user to a channel.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @param channel name of the channel
     * @param connections which connections
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown
     * @throws EngineException if the engine fails
     */
    public void unsubscribe(String userId, String channel, ConnectionFilter connections) {
        calls.await("unsubscribe", channels.unsubscribe(userId, channel, connections));
    }

    /**
     * Has all subscribers of a channel, on every node, load its state again, as {@link RealtimeChannels#invalidate}
     * does.
     *
     * @param channel name of the channel
     * @throws RealtimeException with error 107 if the name of the channel is empty, 102 if its namespace is unknown
     * @throws EngineException if the engine fails
     */
    public void invalidate(String channel) {
        calls.await("invalidate", channels.invalidate(channel));
    }

    /**
     * Returns the connections of a user, on all nodes.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @return the connections, without those of nodes that do not reply in time; empty for none
     * @throws EngineException if the engine fails
     */
    public List<ConnectedClient> connections(String userId) {
        return required("connections", clients.connections(userId).collectList());
    }

    /**
     * Closes all connections of a user, on every node, with {@link Disconnect#FORCE_DISCONNECT}.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @throws EngineException if the engine fails
     */
    public void disconnect(String userId) {
        disconnect(userId, ConnectionFilter.ALL, Disconnect.FORCE_DISCONNECT, Set.of());
    }

    /**
     * Closes connections of a user.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @param connections which connections
     * @param disconnect code, 3000 to 4999, and reason, at most 123 bytes
     * @param except ids of clients that stay; empty for none
     * @throws RealtimeException with error 107 if the code or the length of the reason is out of range
     * @throws EngineException if the engine fails
     */
    public void disconnect(String userId, ConnectionFilter connections, Disconnect disconnect, Set<String> except) {
        calls.await("disconnect", clients.disconnect(userId, connections, disconnect, except));
    }

    /**
     * Changes the expiry time of connections of a user.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @param connections which connections
     * @param expireAt the new expiry time, in whole seconds; {@code null} for never; a past time closes them with 3005
     * @param info new info of the connections, an object or bytes as in {@link #publish(String, Object)}; {@code null}
     *     to keep the current one
     * @throws EngineException if the engine fails
     * @throws IllegalArgumentException if the info cannot be written as JSON
     */
    public void refresh(
            String userId, ConnectionFilter connections, @Nullable Instant expireAt, @Nullable Object info) {
        calls.await("refresh", clients.refresh(userId, connections, expireAt, info));
    }

    /**
     * Closes connections of a user as expired (3005), so that their clients get new tokens.
     *
     * @param userId id of the user; empty for all anonymous connections
     * @param connections which connections
     * @throws EngineException if the engine fails
     */
    public void expire(String userId, ConnectionFilter connections) {
        calls.await("expire", clients.expire(userId, connections));
    }

    /**
     * Returns the running nodes.
     *
     * @return one description per node, including this one, in no order
     * @throws EngineException if the engine fails
     */
    public List<NodeDescription> nodes() {
        return required("nodes", clients.nodes());
    }

    private <T> T required(String name, Mono<T> call) {
        return Objects.requireNonNull(calls.await(name, call), name);
    }
}
