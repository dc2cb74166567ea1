package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.SubscriptionTerms;
import dev.realtime.connection.Ttl;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Result;
import dev.realtime.statistics.RecoveryFailure;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Opens a permitted subscription, from the hub to the result for the client.
 *
 * <p>One object for all connections of a node, so that equal reads of a moment are one: see {@link SharedHistoryReads}.
 *
 * <p>The order is what makes recovery whole: first the hub knows the subscriber and it begins to hold back what
 * arrives, then the engine confirms that publications reach this node, then the stream is read. What is published
 * between the second and the third step is both held back and read, and merged by offset:
 *
 * <pre>
 *   hub.subscribe   engine confirms      history read            reply, then live
 *        |---------------|--------------------|-------------------------|
 *        held back: .........p7..................p8 ........................ (p7 dropped, p8 delivered)
 *        read:                                 .. p6 p7
 * </pre>
 *
 * Presence is written last before the reply, so that it is visible as soon as the client has the reply.
 */
final class SubscriptionOpener {

    private static final Logger logger = LoggerFactory.getLogger(SubscriptionOpener.class);

    private final ConnectionContext context;

    private final SharedHistoryReads historyReads;

    SubscriptionOpener(ConnectionContext context) {
        this.context = context;
        this.historyReads = new SharedHistoryReads(context.broker());
    }

    /** Outcome of a subscribe. */
    sealed interface Outcome {

        /** The result is to be written, then {@link ClientConnection#opened} called. */
        record Opened(ChannelSubscription subscription, Result.Subscribe result) implements Outcome {}

        /** Nothing is left of the subscription. */
        record Failed(ClientError error) implements Outcome {}
    }

    /** {@code then} is not called if the connection ends meanwhile. */
    void open(ClientConnection connection, Channel channel, SubscriptionTerms terms, Consumer<Outcome> then) {
        ChannelSubscription subscription = new ChannelSubscription(
                connection, channel, terms, context.statistics().namespace(channel.namespace()));
        connection.add(subscription);
        context.hub().subscribe(channel.name(), subscription);
        subscription.inHub = true;
        connection.commands().await(context.interest().confirmed(channel.name()), (nothing, error) -> {
            if (subscription.ended()) {
                return;
            }
            if (error != null) {
                fail(connection, subscription, error, then);
            } else if (subscription.positioned()) {
                readStream(connection, subscription, terms, then);
            } else {
                Result.Subscribe result =
                        result(subscription, terms, StreamPosition.NONE, 0, List.of(), false, terms.recover());
                enterPresence(connection, subscription, result, then);
            }
        });
    }

    private void readStream(
            ClientConnection connection,
            ChannelSubscription subscription,
            SubscriptionTerms terms,
            Consumer<Outcome> then) {
        Channel channel = subscription.channel();
        ChannelOptions options = channel.options();
        boolean cache = options.recoveryMode() == RecoveryMode.CACHE;
        StreamPosition since = since(subscription, terms, options);
        HistoryQuery query = since == null
                ? HistoryQuery.POSITION
                : cache
                        ? Recovery.cacheQuery()
                        : Recovery.streamQuery(since, context.options().recoveryMaxPublicationLimit());
        connection.commands().await(historyReads.read(channel.name(), query, options.history()), (read, error) -> {
            if (subscription.ended()) {
                return;
            }
            if (read == null) {
                fail(connection, subscription, error, then);
                return;
            }
            positionRead(connection, subscription, terms, since, cache, read, then);
        });
    }

    /** Where to recover from, or {@code null} when the position alone is wanted. */
    private static @Nullable StreamPosition since(
            ChannelSubscription subscription, SubscriptionTerms terms, ChannelOptions options) {
        if (!subscription.recoverable()) {
            return null;
        }
        return terms.recover() || options.autoCacheRecover() ? terms.since() : null;
    }

    private void positionRead(
            ClientConnection connection,
            ChannelSubscription subscription,
            SubscriptionTerms terms,
            @Nullable StreamPosition since,
            boolean cache,
            HistoryResult read,
            Consumer<Outcome> then) {
        StreamPosition top = read.position();
        subscription.standAt(read);
        if (since == null) {
            Result.Subscribe result = result(subscription, terms, top, top.offset(), List.of(), false, terms.recover());
            enterPresence(connection, subscription, result, then);
            return;
        }
        Recovery.Outcome recovery = cache ? Recovery.ofCache(since, read) : Recovery.ofStream(since, read);
        if (recovery.recovered()) {
            subscription.statistics().recoverySucceeded();
        } else {
            notRecovered(connection, subscription, since, cache, read);
        }
        if (!recovery.recovered() && terms.rejectUnrecoverable() && !cache) {
            connection.discard(subscription);
            then.accept(new Outcome.Failed(ClientError.UNRECOVERABLE_POSITION));
            return;
        }
        long offset = recovery.recovered() ? since.offset() : top.offset();
        Result.Subscribe result =
                result(subscription, terms, top, offset, recovery.publications(), recovery.recovered(), true);
        enterPresence(connection, subscription, result, then);
    }

    private static void notRecovered(
            ClientConnection connection,
            ChannelSubscription subscription,
            StreamPosition since,
            boolean cache,
            HistoryResult read) {
        Channel channel = subscription.channel();
        RecoveryFailure failure = cache
                ? RecoveryFailure.TTL
                : RecoveryFailure.of(since, read, channel.options().history());
        subscription.statistics().recoveryFailed(failure);
        logger.debug(
                "Client {} could not recover in channel '{}' from offset {}, the top is {}: {}",
                connection.clientId(),
                channel.name(),
                since.offset(),
                read.position().offset(),
                failure.id());
    }

    private void enterPresence(
            ClientConnection connection,
            ChannelSubscription subscription,
            Result.Subscribe result,
            Consumer<Outcome> then) {
        Channel channel = subscription.channel();
        if (!channel.options().presence()) {
            then.accept(new Outcome.Opened(subscription, result));
            return;
        }
        subscription.presenceState = ChannelSubscription.PresenceState.BEING_ADDED;
        Mono<Void> added = Mono.defer(() -> context.presenceManager().add(channel.name(), subscription.info()));
        connection.commands().await(added, (nothing, error) -> {
            subscription.presenceState = ChannelSubscription.PresenceState.PRESENT;
            if (subscription.ended()) {
                connection.leavePresence(subscription);
            } else if (error != null) {
                fail(connection, subscription, error, then);
            } else {
                then.accept(new Outcome.Opened(subscription, result));
            }
        });
    }

    private Result.Subscribe result(
            ChannelSubscription subscription,
            SubscriptionTerms terms,
            StreamPosition top,
            long offset,
            List<Publication> publications,
            boolean recovered,
            boolean wasRecovering) {
        long expireAt = terms.grant().clientRefresh() ? terms.grant().expireAtSeconds() : 0;
        return new Result.Subscribe(
                expireAt > 0,
                expireAt > 0 ? Ttl.secondsUntil(expireAt, context.nowSeconds()) : 0,
                subscription.recoverable(),
                top.epoch(),
                publications,
                recovered,
                offset,
                subscription.positioned(),
                terms.grant().data(),
                wasRecovering,
                false);
    }

    private static void fail(
            ClientConnection connection,
            ChannelSubscription subscription,
            @Nullable Throwable error,
            Consumer<Outcome> then) {
        if (error instanceof Error) {
            Boundary.caught(Place.QUESTION, subscription, error);
        } else {
            connection
                    .context()
                    .log()
                    .warn(
                            logger,
                            "Client {} could not be subscribed to channel '{}'; it may retry: {}",
                            connection.clientId(),
                            subscription.channel().name(),
                            String.valueOf(error));
        }
        connection.discard(subscription);
        then.accept(new Outcome.Failed(ClientError.INTERNAL));
    }
}
