package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.DeltaType;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.Expiry;
import dev.realtime.protocol.FilterNode;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.statistics.RecoveryFailure;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One subscription of one client on its way from the request to the reply. Runs on the executor of the connection, as
 * one command among others, and stops when the connection ends.
 *
 * <h2>Steps</h2>
 *
 * <ol>
 *   <li>{@link #permit}: a token, the namespace or the application lets the client subscribe. Skipped where the server
 *       subscribes the client.
 *   <li>{@link #prepare}: what the subscription will be like, which depends on what the client may read.
 *   <li>{@link #join}: the hub knows the subscriber, which holds back what arrives, and the engine confirms that
 *       publications reach this node.
 *   <li>{@link #readStream}: the position of the stream and what the client missed.
 *   <li>{@link #enterPresence}: presence is written last before the reply, so that it is visible as soon as the client
 *       has the reply.
 *   <li>{@link #reply}: the caller writes {@link #result} as a reply or a push, then {@link #start} begins delivery.
 * </ol>
 *
 * <h2>Order</h2>
 *
 * The order of steps 3 to 6 is what makes recovery whole. What is published while the stream is read is both held back
 * and read, and merged by offset:
 *
 * <pre>
 *   hub.subscribe   engine confirms      history read            reply, then live
 *        |---------------|--------------------|-------------------------|
 *        held back: .........p7..................p8 ........................ (p7 dropped, p8 delivered)
 *        read:                                 .. p6 p7
 * </pre>
 *
 * <h2>Failure</h2>
 *
 * A step that fails removes what the steps before it added; the next is not begun.
 */
final class SubscribeFlow {

    private static final Logger logger = LoggerFactory.getLogger(SubscribeFlow.class);

    /**
     * Last step of the caller, with a subscription that is open or failed. Neither method is called if the connection
     * ends before.
     */
    interface Ending {

        /** Writes {@link SubscribeFlow#result}, then calls {@link SubscribeFlow#start}. */
        void opened(SubscribeFlow flow);

        /** Nothing is left of the subscription. */
        void failed(ClientError error);
    }

    private final SubscribeFlows flows;

    private final ClientConnection connection;

    private final boolean serverSide;

    private final Request.Subscribe request;

    private final Ending ending;

    /** With what the grant overrides, once there is one. */
    private Channel channel;

    private SubscriptionGrant grant;

    /** What publications must match; {@code null} for all. */
    private @Nullable TagsFilter filter;

    /** Whether publications may be sent as differences. */
    private boolean deltas;

    /** Whether the application was asked to fill the cache. */
    private boolean asked;

    /** {@code null} before the subscription is joined. */
    private @Nullable ChannelSubscription subscription;

    /** Top of the stream that was read; none if offsets are not checked. */
    private StreamPosition top = StreamPosition.NONE;

    /** What the client gets of what it missed; {@code null} where it did not ask for it. */
    private @Nullable Recovery recovery;

    /** {@code null} before all that it says is known. */
    private Result.@Nullable Subscribe result;

    /**
     * @param request what the client asks for; nothing special where the server subscribes it
     * @param grant permission that is known already
     */
    SubscribeFlow(
            SubscribeFlows flows,
            ClientConnection connection,
            boolean serverSide,
            Request.Subscribe request,
            Channel channel,
            SubscriptionGrant grant,
            Ending ending) {
        this.flows = flows;
        this.connection = connection;
        this.serverSide = serverSide;
        this.request = request;
        this.channel = channel;
        this.grant = grant;
        this.ending = ending;
    }

    Channel channel() {
        return channel;
    }

    // ---- 1. Permit

    /** Asks for the permission of the client, then goes through the other steps. */
    void permit() {
        Mono<SubscriptionGrant> asked =
                flows.permissions.subscribe(connection, channel, request.token(), request.data());
        connection.commands().ask(asked, (granted, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (granted == null) {
                refuse(
                        error == null
                                ? new IllegalStateException("no decision about the subscription was made")
                                : error);
            } else if (Expiry.at(granted.expireAtSeconds()).isOver(flows.clock)) {
                ending.failed(ClientError.EXPIRED);
            } else if (!admitsFilter()) {
                ending.failed(ClientError.BAD_REQUEST);
            } else if (request.type() != 0) {
                ending.failed(ClientError.NOT_AVAILABLE);
            } else {
                grant = granted;
                channel = channel.with(granted.overrides());
                prepare();
            }
        });
    }

    /** Takes the filter of the client over; returns whether it asks for none, or for one that it may have. */
    private boolean admitsFilter() {
        FilterNode asked = request.tagsFilter();
        if (asked == null) {
            return true;
        }
        if (!channel.options().allowTagsFilter() || asksForDeltas()) {
            return false;
        }
        try {
            filter = asked.toTagsFilter();
            return true;
        } catch (IllegalArgumentException e) {
            logger.debug(
                    "Client {} of user '{}' asked for a bad filter in channel '{}': {}",
                    connection.profile().clientId(),
                    connection.profile().userId(),
                    channel.name(),
                    e.getMessage());
            return false;
        }
    }

    /**
     * Adds the filter that comes with the permission to that of the client. Returns {@code false} if the client could
     * read by history what the filter keeps from it, because history needs no subscription.
     */
    private boolean keepsFilterOfGrant() {
        TagsFilter required = grant.filter();
        if (required == null) {
            return true;
        }
        ChannelOptions options = channel.options();
        String userId = connection.profile().userId();
        if (options.history().enabled() && options.historyAccess().permits(userId, false)) {
            flows.errors.report(
                    logger,
                    connection,
                    null,
                    "Client {} of user '{}' is denied channel '{}': its permission has a filter, but the namespace"
                            + " opens history to clients without a subscription. Replace"
                            + " `allow-history-for-client` by `allow-history-for-subscriber`.",
                    connection.profile().clientId(),
                    userId,
                    channel.name());
            return false;
        }
        filter = filter == null ? required : TagsFilter.and(required, filter);
        return true;
    }

    private void refuse(Throwable failure) {
        if (!ErrorReplies.closes(connection, failure)) {
            ending.failed(flows.errors.errorOf(connection, "subscribe", failure));
        }
    }

    // ---- 2. Prepare

    /** Decides what the subscription will be like, then goes through the other steps. */
    void prepare() {
        if (!keepsFilterOfGrant()) {
            ending.failed(ClientError.PERMISSION_DENIED);
            return;
        }
        if (serverSide) {
            join(settings(false, false));
            return;
        }
        ChannelOptions options = channel.options();
        boolean asksPosition = request.positioned() && !options.allowPositioning() && !options.forcePositioning();
        boolean asksRecovery = request.recoverable() && !options.allowRecovery() && !options.forceRecovery();
        boolean asksHistory = options.history().enabled() && (asksPosition || asksRecovery);
        boolean asksPresence = request.joinLeave() && options.joinLeave() && !options.forcePushJoinLeave();
        whenKnown(
                asksHistory,
                ChannelPermissions.Reading.HISTORY,
                readsHistory -> whenKnown(
                        asksPresence,
                        ChannelPermissions.Reading.PRESENCE,
                        readsPresence -> join(settings(readsHistory, readsPresence))));
    }

    /** Continues with whether the client may read something, which is not asked where nothing depends on it. */
    private void whenKnown(boolean asks, ChannelPermissions.Reading reading, Consumer<Boolean> then) {
        if (!asks) {
            then.accept(false);
            return;
        }
        Mono<Boolean> permitted = flows.permissions.readOnceSubscribed(reading, connection, channel);
        connection.commands().ask(permitted, (reads, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (error != null) {
                refuse(error);
            } else {
                then.accept(reads != null && reads);
            }
        });
    }

    private ChannelSubscription.Settings settings(boolean readsHistory, boolean readsPresence) {
        filter = filter == null ? null : flows.filters.share(filter);
        ChannelOptions options = channel.options();
        boolean history = options.history().enabled();
        boolean positioned = options.forcePositioning()
                || (!serverSide && request.positioned() && (options.allowPositioning() || readsHistory));
        boolean recoverable = options.forceRecovery()
                || (!serverSide && request.recoverable() && (options.allowRecovery() || readsHistory));
        boolean checked = history && (positioned || recoverable);
        boolean mayMiss = !checked && options.delivery().onSlow() != SlowClientPolicy.DISCONNECT;
        deltas = asksForDeltas() && filter == null && !mayMiss;
        return new ChannelSubscription.Settings(
                grant,
                serverSide,
                history && positioned,
                history && recoverable,
                options.joinLeave() && (options.forcePushJoinLeave() || readsPresence),
                filter,
                deltas,
                !deltas && getsNumbers());
    }

    /** Only in JSON: in Protobuf the official SDK for JavaScript compares numbers of 64 bits as objects. */
    private boolean getsNumbers() {
        return !serverSide
                && channel.options().allowChannelCompaction()
                && (request.flag() & Request.Subscribe.CHANNEL_COMPACTION) != 0
                && connection.writer().codec().type() == ProtocolType.JSON;
    }

    /** A type of deltas that the channel does not allow is not refused: the client gets whole publications. */
    private boolean asksForDeltas() {
        return request.delta().equals(DeltaType.FOSSIL.id())
                && channel.options().allowedDeltaTypes().contains(DeltaType.FOSSIL);
    }

    // ---- 3. Join

    private void join(ChannelSubscription.Settings settings) {
        ChannelSubscription joining = new ChannelSubscription(
                connection,
                channel,
                settings,
                flows.statistics.namespace(channel.namespace()),
                flows.options.queueMaxBytes());
        subscription = joining;
        connection.subscriptions().add(joining);
        connection.commands().await(flows.membership.join(joining), (nothing, error) -> {
            if (joining.ended()) {
                return;
            }
            if (error != null) {
                fail(joining, error);
            } else if (joining.positioned()) {
                readStream(joining, filter != null);
            } else {
                enterPresence(joining);
            }
        });
    }

    // ---- 4. Read the stream

    /** @param searches whether the newest publication may be one that the client does not get */
    private void readStream(ChannelSubscription joined, boolean searches) {
        boolean cache = channel.options().recoveryMode() == RecoveryMode.CACHE;
        boolean recovers =
                joined.recoverable() && (request.recover() || channel.options().autoCacheRecover());
        StreamPosition since = new StreamPosition(request.offset(), request.epoch());
        HistoryQuery query = HistoryQuery.POSITION;
        if (recovers) {
            int limit = flows.options.recoveryMaxPublicationLimit();
            query = cache ? HistoryQuery.latest(searches ? limit : 1) : HistoryQuery.after(since, limit);
        }
        Mono<HistoryResult> stream =
                flows.historyReads.read(channel.name(), query, channel.options().history());
        connection.commands().await(stream, (read, error) -> {
            if (joined.ended()) {
                return;
            }
            if (read == null) {
                fail(joined, error);
                return;
            }
            if (recovers && cache && !searches && read.publications().stream().anyMatch(joined::isExcludedFrom)) {
                readStream(joined, true);
                return;
            }
            if (recovers && cache && isToBeFilled(since, read)) {
                fillCache(joined, searches);
                return;
            }
            joined.startAt(read);
            top = read.position();
            if (recovers && !recover(joined, since, cache, read)) {
                return;
            }
            enterPresence(joined);
        });
    }

    /** Returns whether there is nothing for a client that does not have the latest, and the application may have it. */
    private boolean isToBeFilled(StreamPosition since, HistoryResult read) {
        boolean missing = read.publications().isEmpty()
                && !Recovery.ofCache(since, read, publication -> true).recovered();
        return missing && !asked && flows.emptyCaches.areFilled();
    }

    /** Has the application fill the cache, then reads the stream again; what is published meanwhile is held back. */
    private void fillCache(ChannelSubscription joined, boolean searches) {
        asked = true;
        connection.commands().await(flows.emptyCaches.fill(channel), (nothing, error) -> {
            if (!joined.ended()) {
                readStream(joined, searches);
            }
        });
    }

    /** Decides what the client gets of what it missed; returns whether the flow continues with that. */
    private boolean recover(ChannelSubscription joined, StreamPosition since, boolean cache, HistoryResult read) {
        Predicate<Publication> passes = publication ->
                (filter == null || filter.matches(publication.tags())) && !joined.isExcludedFrom(publication);
        Recovery decided = cache
                ? Recovery.ofCache(since, read, passes)
                : Recovery.ofStream(since, read).filteredBy(passes);
        recovery = decided.writtenTo(connection.writer().codec().type(), deltas);
        if (decided.recovered()) {
            if (decided.reaches(top)) {
                joined.recoversLatest();
            }
            joined.statistics().recoverySucceeded();
            return true;
        }
        RecoveryFailure failure = cache
                ? RecoveryFailure.TTL
                : RecoveryFailure.of(since, read, channel.options().history());
        joined.statistics().recoveryFailed(failure);
        logger.debug(
                "Client {} of user '{}' could not recover in channel '{}' from offset {}, the top is {}: {}",
                connection.profile().clientId(),
                connection.profile().userId(),
                channel.name(),
                since.offset(),
                top.offset(),
                failure.id());
        boolean rejects = !serverSide && (request.flag() & Request.Subscribe.REJECT_UNRECOVERABLE) != 0;
        if (rejects && !cache) {
            connection.subscriptions().discard(joined);
            ending.failed(ClientError.UNRECOVERABLE_POSITION);
            return false;
        }
        return true;
    }

    // ---- 5. Enter presence

    private void enterPresence(ChannelSubscription joined) {
        // The time that is left to the client counts from here.
        result = resultOf(joined);
        if (!channel.options().presence()) {
            reply();
            return;
        }
        connection.commands().await(flows.membership.enterPresence(joined), (nothing, error) -> {
            flows.membership.presenceEntered(joined);
            if (joined.ended()) {
                return;
            }
            if (error != null) {
                fail(joined, error);
            } else {
                reply();
            }
        });
    }

    // ---- 6. Reply

    private void reply() {
        ending.opened(this);
    }

    /** Returns the result of the subscription, when it is open. */
    Result.Subscribe result() {
        return Objects.requireNonNull(result, "the subscription is not open");
    }

    private Result.Subscribe resultOf(ChannelSubscription open) {
        boolean recovered = recovery != null && recovery.recovered();
        // A client that gets nothing of what it missed, because of a filter, is at the top all the same.
        boolean catchesUp = recovery != null && !recovery.publications().isEmpty();
        Expiry expiry = grant.clientRefresh() ? Expiry.at(grant.expireAtSeconds()) : Expiry.NEVER;
        return new Result.Subscribe(
                expiry.isSet(),
                expiry.ttlSeconds(flows.clock),
                open.recoverable(),
                top.epoch(),
                recovery == null ? Recovery.NOT_RECOVERED.publications() : recovery.publications(),
                recovered,
                catchesUp ? request.offset() : top.offset(),
                open.positioned(),
                grant.data(),
                request.recover() || recovery != null,
                deltas,
                open.channelId(),
                serverSide ? 0 : (int) channel.options().publishDebounce().toMillis());
    }

    /** Starts delivery; the result has been written. */
    void start() {
        flows.membership.opened(subscription());
    }

    /** Marks the subscription as granted with the identity of the client, so that a refresh must name it again. */
    void markAsAuthenticated() {
        subscription().cameFromAuthentication();
    }

    private ChannelSubscription subscription() {
        return Objects.requireNonNull(subscription, "the subscription is not open");
    }

    private void fail(ChannelSubscription joining, @Nullable Throwable failure) {
        flows.errors.report(
                logger,
                joining,
                failure,
                "Client {} of user '{}' could not be subscribed to channel '{}'; it may retry: {}",
                connection.profile().clientId(),
                connection.profile().userId(),
                channel.name(),
                String.valueOf(failure));
        connection.subscriptions().discard(joining);
        ending.failed(ClientError.INTERNAL);
    }
}
