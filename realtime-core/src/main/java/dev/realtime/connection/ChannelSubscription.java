package dev.realtime.connection;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.delta.DeltaPublications;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.LimitedLog;
import dev.realtime.failure.Place;
import dev.realtime.hub.Batching;
import dev.realtime.hub.ClassDelivery;
import dev.realtime.hub.DeliveryClass;
import dev.realtime.hub.SharedFrame;
import dev.realtime.hub.StreamTop;
import dev.realtime.hub.Subscriber;
import dev.realtime.loop.Droppable;
import dev.realtime.protocol.Push;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.statistics.NamespaceStatistics;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscription of one connection to one channel. Decides for each publication whether it is the next one: delivers it,
 * drops it as seen, or finds a gap and notifies the client. Used on the executor of the connection only.
 *
 * <p>While it is being opened, publications are held back: the client must have the reply first, and what the history
 * read returns must not be delivered twice.
 */
public final class ChannelSubscription extends Subscriber {

    private static final Logger logger = LoggerFactory.getLogger(ChannelSubscription.class);

    /**
     * Properties of a permitted subscription.
     *
     * @param grant what comes with the permission
     * @param serverSide whether the server subscribes the client
     * @param positioned whether offsets are checked; {@code recoverable} implies it
     * @param recoverable whether the client may recover in the channel
     * @param joinLeave whether join and leave are delivered
     * @param filter what publications must match; {@code null} for all
     * @param deltas whether publications may be sent as differences; not together with a filter
     * @param compact whether pushes have a number instead of the channel; not together with differences
     */
    public record Settings(
            SubscriptionGrant grant,
            boolean serverSide,
            boolean positioned,
            boolean recoverable,
            boolean joinLeave,
            @Nullable TagsFilter filter,
            boolean deltas,
            boolean compact) {}

    /** State of the presence entry; it is removed only after it was added. */
    enum Presence {
        ABSENT,
        BEING_ADDED,
        PRESENT
    }

    private final ClientConnection connection;

    private final Channel channel;

    private final boolean serverSide;

    private final boolean recoverable;

    private final boolean receivesJoinLeave;

    private final NamespaceStatistics statistics;

    private final DeliveryClass deliveryClass;

    /** What the permission lets the client read; {@code null} for everything. */
    private final @Nullable TagsFilter requiredFilter;

    /** {@code null} where offsets are not checked. */
    private final @Nullable SubscriptionPosition position;

    /** Whether publications may be left out while the client is behind. */
    private final boolean droppable;

    /** {@code null} where publications are not sent as differences. */
    private final @Nullable DeltaBase deltaBase;

    /** What others in the channel see. Replaced when the connection's info is. */
    private ClientInfo info;

    private SubscriptionGrant grant;

    /** Not {@code null} while being opened. */
    private @Nullable RecoveryBuffer buffer;

    private boolean ended;

    private boolean fromAuthentication;

    /** What the application publishes to this subscriber alone; {@code null} if it does not. */
    private @Nullable SubscriptionFeed feed;

    Presence presence = Presence.ABSENT;

    /** Whether join was published, so that leave must follow. */
    boolean joined;

    /** Whether the hub has it. */
    boolean inHub;

    /** Whether the application was notified of it, so that it is notified of its end. */
    boolean announced;

    /** @param maxHeldBytes bound of what is held back while it is being opened */
    public ChannelSubscription(
            ClientConnection connection,
            Channel channel,
            Settings settings,
            NamespaceStatistics statistics,
            long maxHeldBytes) {
        this.connection = connection;
        this.channel = channel;
        this.serverSide = settings.serverSide();
        this.recoverable = settings.recoverable();
        this.position = settings.positioned() || settings.recoverable() ? new SubscriptionPosition() : null;
        this.droppable = position == null && channel.options().delivery().onSlow() != SlowClientPolicy.DISCONNECT;
        this.receivesJoinLeave = settings.joinLeave();
        this.grant = settings.grant();
        this.statistics = statistics;
        this.requiredFilter = settings.grant().filter();
        this.deliveryClass = settings.deltas()
                ? DeliveryClass.withDeltas(connection.transport().wireForm())
                : DeliveryClass.of(connection.transport().wireForm(), settings.filter(), settings.compact());
        this.deltaBase = settings.deltas() ? new DeltaBase() : null;
        this.info = connection.profile().infoIn(grant.info());
        this.buffer = new RecoveryBuffer(maxHeldBytes);
    }

    /** Returns the subscribed client. */
    ClientProfile client() {
        return connection.profile();
    }

    public Channel channel() {
        return channel;
    }

    public boolean serverSide() {
        return serverSide;
    }

    @Override
    public boolean positioned() {
        return position != null;
    }

    public boolean recoverable() {
        return recoverable;
    }

    public SubscriptionGrant grant() {
        return grant;
    }

    /** Returns what the permission lets the client read of the channel; {@code null} for everything. Never changes. */
    public @Nullable TagsFilter requiredFilter() {
        return requiredFilter;
    }

    public void renew(SubscriptionGrant grant) {
        this.grant = grant;
        this.info = connection.profile().infoIn(grant.info() == null ? info.channelInfo() : grant.info());
    }

    /** Marks it as granted with the identity of the client, so that a refresh must name it again. */
    public void cameFromAuthentication() {
        fromAuthentication = true;
    }

    boolean isFromAuthentication() {
        return fromAuthentication;
    }

    public ClientInfo info() {
        return info;
    }

    @Override
    public NamespaceStatistics statistics() {
        return statistics;
    }

    public boolean ended() {
        return ended;
    }

    /** Returns whether its result has not been written yet. */
    boolean beingOpened() {
        return buffer != null;
    }

    /** Returns the position of the client, {@code null} if it cannot recover or has none yet. */
    @Nullable
    StreamPosition recoverablePosition() {
        return !recoverable || position == null || ended || beingOpened() ? null : position.current();
    }

    void end() {
        ended = true;
        buffer = null;
        if (feed != null) {
            feed.cancel();
        }
    }

    /** Starts to take what the application publishes to this subscriber alone, if it does. */
    void beginFeed(LimitedLog log) {
        Publisher<Payload> source = grant.feed();
        if (source != null) {
            SubscriptionFeed begun = new SubscriptionFeed(new FeedTarget(log));
            feed = begun;
            begun.begin(source);
        }
    }

    /** Sets the position of the client to the one it has once it has processed the reply. */
    public void startAt(HistoryResult read) {
        if (position != null) {
            position.set(read);
        }
    }

    /** Notes that the reply brings the publication at the position of the client. */
    public void recoversLatest() {
        if (deltaBase != null) {
            deltaBase.isAtPosition();
        }
    }

    /** The reply is written: delivers what arrived meanwhile and from now on directly. */
    void goLive() {
        RecoveryBuffer held = buffer;
        buffer = null;
        if (held == null) {
            return;
        }
        if (held.overflowed()) {
            lostPublications();
            return;
        }
        for (RecoveryBuffer.Entry entry : held.entries()) {
            if (ended) {
                return;
            }
            if (entry.continuesEpoch()) {
                continueIn(entry.position(), entry.epoch());
                continue;
            }
            switch (place(entry.position())) {
                case NEXT -> deliverHeld(entry);
                case SEEN -> {}
                case GAP -> lostPublications();
            }
        }
    }

    private void deliverHeld(RecoveryBuffer.Entry held) {
        Publication publication = held.publication();
        if (publication == null) {
            skipped();
        } else {
            boolean named = namesEpoch(held.position());
            push(named ? publication.withEpoch(held.position().epoch()) : publication);
            if (deltaBase != null && held.position().offset() != 0) {
                deltaBase.isAtPosition();
            }
        }
    }

    /** Writes a whole publication for this client alone. */
    private void push(Publication publication) {
        Publication written = publication;
        if (deltaBase != null) {
            deltaBase.isUnknown();
            written = DeltaPublications.whole(connection.writer().codec().type(), publication);
        }
        Push push = new Push.Pub(channel.name(), written);
        if (connection.writer().push(channelId() == 0 ? push : new Push.Compact(channelId(), push))) {
            statistics.deliveredOne();
        }
    }

    @Override
    public EventExecutor executor() {
        return connection.transport().executor();
    }

    @Override
    public Batching batching() {
        DeliveryOptions options = channel.options().delivery();
        return options.batchMaxDelay().isZero()
                ? Batching.NONE
                : new Batching(options.batchMaxDelay().toNanos(), options.batchMaxSize());
    }

    @Override
    public DeliveryClass deliveryClass() {
        return deliveryClass;
    }

    @Override
    public void failed(Place place, Throwable failure) {
        Boundary.caught(place, this, failure);
        connection.close(Disconnect.SERVER_ERROR, "an unexpected error in channel '" + channel.name() + "'");
    }

    @Override
    public int onPublications(ClassDelivery delivery) {
        if (droppable && !ended && buffer == null && connection.writer().isBehind()) {
            hold(delivery);
            return 0;
        }
        boolean next = !ended
                && buffer == null
                && (position == null || position.isFollowedBy(delivery))
                && !(delivery.isExclusive()
                        && delivery.excludes(
                                connection.clientId(), connection.profile().userId()));
        ByteBuf frames = next && delivery.passing() > 0 ? delivery.frames(hasBase(delivery, 0)) : null;
        if (next && (frames != null || delivery.passing() == 0)) {
            if (position != null) {
                position.pass(delivery);
            }
            return frames == null ? 0 : write(frames, delivery.passing(), delivery, delivery.size() - 1);
        }
        int written = 0;
        for (int i = 0; i < delivery.size() && !ended; i++) {
            written += onPublication(delivery, i);
        }
        return written;
    }

    /** Returns whether a publication is not for this subscriber, though its position passes it. */
    public boolean isExcludedFrom(Publication publication) {
        return !publication.exclusion().isEmpty()
                && publication
                        .exclusion()
                        .excludes(connection.clientId(), connection.profile().userId());
    }

    /** Has publications wait until the client has caught up, unless newer ones take their place. */
    private void hold(ClassDelivery delivery) {
        for (int i = 0; i < delivery.size() && !ended; i++) {
            Publication publication = delivery.publication(i);
            if (delivery.passes(i) && !isExcludedFrom(publication)) {
                connection.writer().hold(delivery.frame(i, false), droppable(publication));
            }
        }
    }

    private Droppable droppable(Publication publication) {
        DeliveryOptions options = channel.options().delivery();
        boolean conflates = options.onSlow() == SlowClientPolicy.CONFLATE;
        String tag = options.conflateKey();
        String key = !conflates ? null : tag.isEmpty() ? "" : publication.tags().get(tag);
        return new Droppable(this, key, !conflates, statistics);
    }

    /** Takes one of several publications; returns how many were written. */
    private int onPublication(ClassDelivery delivery, int index) {
        StreamPosition position = delivery.position(index);
        boolean passes = delivery.passes(index) && !isExcludedFrom(delivery.publication(index));
        if (buffer != null) {
            if (passes) {
                buffer.add(delivery.publication(index), position);
            } else {
                buffer.addFiltered(position);
            }
            return 0;
        }
        boolean hasBase = hasBase(delivery, index);
        switch (place(position)) {
            case NEXT -> {
                if (!passes) {
                    skipped();
                    return 0;
                }
                ByteBuf frame = namesEpoch(position) ? delivery.frameWithEpoch(index) : delivery.frame(index, hasBase);
                return write(frame, 1, delivery, index);
            }
            case SEEN -> {}
            case GAP -> insufficientState();
        }
        return 0;
    }

    /** Notes that the position passed a publication that the client did not get. */
    private void skipped() {
        if (deltaBase != null) {
            deltaBase.positionPassed();
        }
    }

    private boolean hasBase(ClassDelivery delivery, int index) {
        return deltaBase != null && deltaBase.isOf(delivery, index, position);
    }

    /** @param last index of the last publication in the frames */
    private int write(@Nullable ByteBuf frames, int publications, ClassDelivery delivery, int last) {
        if (!connection.writer().deliver(frames, publications)) {
            return 0;
        }
        if (deltaBase != null) {
            deltaBase.is(delivery.number(last));
        }
        connection.writer().delivered(delivery.arrivedNanos());
        return publications;
    }

    @Override
    public void onJoinOrLeave(SharedFrame frame) {
        if (!ended && buffer == null && receivesJoinLeave) {
            connection.writer().deliver(frame.take(), 1);
        }
    }

    @Override
    public void onEpochContinued(StreamPosition end, String epoch) {
        if (buffer != null) {
            buffer.addEpoch(end, epoch);
        } else {
            continueIn(end, epoch);
        }
    }

    private void continueIn(StreamPosition end, String epoch) {
        if (position != null && !ended) {
            position.continueIn(end, epoch);
        }
    }

    @Override
    public void onLoss(int publications) {
        if (ended) {
            return;
        }
        statistics.lost(publications);
        if (position == null) {
            return;
        }
        if (buffer != null) {
            buffer.overflow();
        } else {
            insufficientState();
        }
    }

    @Override
    public void onStreamTop(StreamTop top) {
        boolean checked = !ended && buffer == null && position != null;
        if (checked && !position.reaches(top.position(), top.quiet())) {
            insufficientState();
        }
    }

    private SubscriptionPosition.Verdict place(StreamPosition position) {
        return this.position == null ? SubscriptionPosition.Verdict.NEXT : this.position.place(position);
    }

    /** Returns whether a publication that is being written must name its epoch. */
    private boolean namesEpoch(StreamPosition position) {
        return this.position != null && this.position.namesEpoch(position);
    }

    @Override
    public void onInvalidation() {
        connection.commands().run(() -> {
            if (!ended) {
                invalidate("the application invalidated channel '" + channel.name() + "'");
            }
        });
    }

    /**
     * Ends the subscription so that the client subscribes again and loads the state of the channel; of a subscription
     * made by the server, the connection.
     */
    public void invalidate(String why) {
        if (serverSide) {
            connection.close(Disconnect.STATE_INVALIDATED, why);
        } else {
            connection.subscriptions().unsubscribe(this, Unsubscribe.STATE_INVALIDATED);
        }
    }

    /** Notifies the client that it may have missed publications, so that it recovers. */
    private void insufficientState() {
        if (serverSide) {
            lostPublications();
        } else {
            statistics.gapFound();
            connection.subscriptions().unsubscribe(this, Unsubscribe.INSUFFICIENT_STATE);
        }
    }

    @Override
    public String toString() {
        return connection + " in channel '" + channel.name() + "'";
    }

    /** Ends the connection: only a new one can recover what is missing. */
    private void lostPublications() {
        statistics.gapFound();
        connection.close(Disconnect.INSUFFICIENT_STATE, "publications of channel '" + channel.name() + "' are missing");
    }

    /** This subscription, as its feed sees it. */
    private final class FeedTarget implements SubscriptionFeed.Target {

        private final LimitedLog log;

        FeedTarget(LimitedLog log) {
            this.log = log;
        }

        @Override
        public EventExecutor executor() {
            return ChannelSubscription.this.executor();
        }

        @Override
        public long queuedBytes() {
            return connection.transport().queuedBytes();
        }

        @Override
        public void onData(Payload data) {
            push(new Publication(data, null, 0, Map.of()));
        }

        @Override
        public void onComplete() {
            connection.subscriptions().unsubscribe(ChannelSubscription.this, Unsubscribe.SERVER);
        }

        @Override
        public void onFailure(Throwable failure) {
            if (failure instanceof ClientRefusedException refused && refused.disconnect() != null) {
                connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
                return;
            }
            if (failure instanceof Error) {
                Boundary.caught(Place.FEED, ChannelSubscription.this, failure);
            } else {
                log.warn(
                        logger,
                        "The feed of client {} in channel '{}' failed; the client must subscribe again: {}",
                        connection.profile().clientId(),
                        channel.name(),
                        failure.toString());
            }
            invalidate("its feed failed");
        }

        @Override
        public void failed(Place place, Throwable failure) {
            ChannelSubscription.this.failed(place, failure);
        }

        @Override
        public String toString() {
            return ChannelSubscription.this.toString();
        }
    }
}
