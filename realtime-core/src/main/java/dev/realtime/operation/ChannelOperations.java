package dev.realtime.operation;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Exclusion;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.channel.Namespaces;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.PresenceManager;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The one path on which channels are published to and read, for every caller: beans, the HTTP API, or clients after
 * their permission was checked. Its refusals are {@link RealtimeException}s with the protocol's error. What an engine
 * throws instead of signalling it is signalled.
 */
public final class ChannelOperations {

    private final Namespaces namespaces;

    private final Broker broker;

    private final PresenceManager presenceManager;

    private final PayloadWriter payloadWriter;

    /** @param payloadWriter writes the objects that the application publishes */
    public ChannelOperations(
            Namespaces namespaces, Broker broker, PresenceManager presenceManager, PayloadWriter payloadWriter) {
        this.namespaces = namespaces;
        this.broker = broker;
        this.presenceManager = presenceManager;
        this.payloadWriter = payloadWriter;
    }

    /** Returns what an application hands over as a payload: raw bytes as they are, other objects as JSON. */
    public Payload payload(Object data) {
        return payloadWriter.payload(data);
    }

    /** Does the same; {@code null} for {@code null}. */
    public @Nullable Payload payloadOrNull(@Nullable Object data) {
        return payloadWriter.payloadOrNull(data);
    }

    /**
     * The channel of a name.
     *
     * @throws RealtimeException with error 107 for the empty name, 102 for an unknown namespace
     */
    public Channel channel(String name) {
        if (name.isEmpty()) {
            throw new RealtimeException(ClientError.BAD_REQUEST, "The channel name is empty. Name a channel.");
        }
        return namespaces
                .find(name)
                .orElseThrow(() -> new RealtimeException(
                        ClientError.UNKNOWN_CHANNEL,
                        "Channel '" + name
                                + "' belongs to no configured namespace: there is none named like the text before '"
                                + namespaces.rules().namespaceBoundary()
                                + "'. Add it under realtime.channel.namespaces, or use another channel."));
    }

    /**
     * Publishes for the application.
     *
     * @param data an object, or raw bytes
     * @throws RealtimeException with error 107 for the empty name or data that the channel does not take, 102 for an
     *     unknown namespace
     */
    public Mono<PublishResult> publish(String name, Object data, PublishOptions options) {
        return prepare(name, data, options).get();
    }

    /**
     * Checks a publication of the application, to be published later.
     *
     * @return publishes it when called
     * @throws RealtimeException as {@link #publish(String, Object, PublishOptions)} does
     */
    public Supplier<Mono<PublishResult>> prepare(String name, Object data, PublishOptions options) {
        Channel channel = channel(name);
        Payload payload = payload(data);
        checkData(channel, payload);
        return () -> append(channel, payload, null, options);
    }

    /** Publishes for a client. */
    public Mono<PublishResult> publish(Channel channel, Payload data, ClientInfo publisher, PublishOptions options) {
        try {
            checkData(channel, data);
        } catch (RealtimeException refused) {
            return Mono.error(refused);
        }
        return append(channel, data, publisher, options);
    }

    private static void checkData(Channel channel, Payload data) {
        if (!channel.options().publicationDataFormat().admits(data)) {
            throw new RealtimeException(
                    ClientError.BAD_REQUEST,
                    "The data for channel '" + channel.name() + "' was refused: the namespace asks for "
                            + channel.options().publicationDataFormat()
                            + " and it is empty or something else. Publish data of that format, or change"
                            + " publication-data-format of the namespace.");
        }
    }

    /** Publishes data that the channel takes; {@code publisher} is {@code null} for the application. */
    public Mono<PublishResult> append(
            Channel channel, Payload data, @Nullable ClientInfo publisher, PublishOptions options) {
        HistoryOptions history =
                options.skipHistory() ? HistoryOptions.NONE : channel.options().history();
        boolean replicated = history.enabled() && channel.options().publishAck() == PublishAck.REPLICATED;
        try {
            AppendOptions append = options == PublishOptions.DEFAULTS && !history.enabled()
                    ? AppendOptions.NONE
                    : new AppendOptions(
                            history, options.idempotencyKey(), options.version(), options.versionEpoch(), replicated);
            Publication publication = new Publication(
                    data,
                    publisher,
                    0,
                    options.tags(),
                    options.version(),
                    "",
                    exclusion(channel, publisher, options),
                    deltaOf(channel.options(), options));
            return broker.publish(channel.name(), publication, append);
        } catch (Throwable failure) {
            return Mono.error(failure);
        }
    }

    private static Exclusion exclusion(Channel channel, @Nullable ClientInfo publisher, PublishOptions options) {
        boolean echoed = publisher == null || channel.options().publishEcho();
        return echoed ? options.exclusion() : options.exclusion().andClient(publisher.clientId());
    }

    private static Publication.Delta deltaOf(ChannelOptions channel, PublishOptions options) {
        boolean allowed = !channel.allowedDeltaTypes().isEmpty() && (channel.deltaPublish() || options.delta());
        return allowed ? Publication.Delta.ALLOWED : Publication.Delta.NONE;
    }

    /** Reads the stream; error 108 without history, 107 for an impossible query, 112 for another epoch. */
    public Mono<HistoryResult> history(Channel channel, HistoryQuery query) {
        HistoryOptions history = channel.options().history();
        if (!history.enabled()) {
            return Mono.error(new RealtimeException(
                    ClientError.NOT_AVAILABLE,
                    "Channel '" + channel.name()
                            + "' keeps no history. Set history-size and history-ttl of its namespace."));
        }
        StreamPosition since = query.since();
        if (query.reverse() && since != null && since.offset() == 0) {
            return Mono.error(new RealtimeException(
                    ClientError.BAD_REQUEST,
                    "There is no publication before offset 0. Read in reverse from a higher offset, or without one."));
        }
        Mono<HistoryResult> read = Mono.defer(() -> broker.peekHistory(channel.name(), query, history));
        if (since == null || since.epoch().isEmpty()) {
            return read;
        }
        return read.flatMap(result -> result.continues(since)
                ? Mono.just(result)
                : Mono.error(new RealtimeException(
                        ClientError.UNRECOVERABLE_POSITION,
                        "The stream of channel '" + channel.name()
                                + "' has another epoch than the position asked for: its history was lost since. Read it"
                                + " from the beginning.")));
    }

    /** Removes what is kept; error 108 without history. */
    public Mono<Void> removeHistory(Channel channel) {
        if (!channel.options().history().enabled()) {
            return Mono.error(new RealtimeException(
                    ClientError.NOT_AVAILABLE,
                    "Channel '" + channel.name()
                            + "' keeps no history to remove. Set history-size and history-ttl of its namespace."));
        }
        return Mono.defer(() -> broker.removeHistory(channel.name()));
    }

    /** Everyone in the channel; error 108 without presence. */
    public Mono<Map<String, ClientInfo>> presence(Channel channel) {
        return channel.options().presence()
                ? Mono.defer(() -> presenceManager.peekPresence(channel.name()))
                : Mono.error(noPresence(channel));
    }

    /** How many are in the channel; error 108 without presence. */
    public Mono<PresenceStats> presenceStats(Channel channel) {
        return channel.options().presence()
                ? Mono.defer(() -> presenceManager.peekStats(channel.name()))
                : Mono.error(noPresence(channel));
    }

    private static RealtimeException noPresence(Channel channel) {
        return new RealtimeException(
                ClientError.NOT_AVAILABLE,
                "Channel '" + channel.name() + "' keeps no presence. Set presence=true in its namespace.");
    }
}
