package dev.realtime.connection;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.hub.Delivery;
import dev.realtime.hub.PublicationRun;
import dev.realtime.hub.StreamTop;
import dev.realtime.hub.Subscriber;
import dev.realtime.protocol.Push;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.statistics.NamespaceStatistics;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Subscription of one connection to one channel. Decides for each publication whether it is the next one: delivers it,
 * drops it as seen, or finds a gap and notifies the client. Used on the executor of the connection only.
 *
 * <p>While it is being opened, publications are held back: the client must have the reply first, and what the history
 * read returns must not be delivered twice.
 */
public final class ChannelSubscription implements Subscriber {

    /** State of the presence entry; it is removed only after it was added. */
    public enum PresenceState {
        ABSENT,
        BEING_ADDED,
        PRESENT
    }

    private final ClientConnection connection;

    private final Channel channel;

    private final boolean serverSide;

    private final boolean positioned;

    private final boolean recoverable;

    private final boolean receivesJoinLeave;

    private final NamespaceStatistics statistics;

    /** What others in the channel see. Replaced when the connection's info is. */
    private ClientInfo info;

    private SubscriptionGrant grant;

    /** Position of the last publication the client got; only when positioned. */
    private long offset;

    private String epoch = "";

    /** Last position of the epoch before, when the stream continued in another one; {@code null} if it did not. */
    private @Nullable StreamPosition previousEpochEnd;

    /** Epochs of the stream before the one that was read, of which publications may still be on their way. */
    private List<String> formerEpochs = List.of();

    /** Whether the client has another epoch than {@link #epoch}, so that the next publication must name it. */
    private boolean epochUnknownToClient;

    /** Not {@code null} while being opened. */
    private @Nullable RecoveryBuffer buffer;

    private boolean ended;

    private boolean fromAuthentication;

    /** What the application publishes to this subscriber alone; {@code null} if it does not. */
    private @Nullable SubscriptionFeed feed;

    public PresenceState presenceState = PresenceState.ABSENT;

    /** Whether join was published, so that leave must follow. */
    boolean joined;

    /** Whether the hub has it. */
    public boolean inHub;

    /** Whether the application was notified of it, so that it is notified of its end. */
    boolean announced;

    public ChannelSubscription(
            ClientConnection connection, Channel channel, SubscriptionTerms terms, NamespaceStatistics statistics) {
        this.connection = connection;
        this.channel = channel;
        this.serverSide = terms.serverSide();
        this.recoverable = terms.recoverable();
        this.positioned = terms.positioned() || terms.recoverable();
        this.receivesJoinLeave = terms.joinLeave();
        this.grant = terms.grant();
        this.statistics = statistics;
        this.info = connection.infoIn(terms.grant().info());
        this.buffer = new RecoveryBuffer(connection.context().options().queueMaxBytes());
    }

    public Channel channel() {
        return channel;
    }

    public boolean serverSide() {
        return serverSide;
    }

    @Override
    public boolean positioned() {
        return positioned;
    }

    public boolean recoverable() {
        return recoverable;
    }

    public SubscriptionGrant grant() {
        return grant;
    }

    public void renew(SubscriptionGrant grant) {
        this.grant = grant;
        this.info = connection.infoIn(grant.info() == null ? info.channelInfo() : grant.info());
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

    void end() {
        ended = true;
        buffer = null;
        if (feed != null) {
            feed.cancel();
        }
    }

    /** Begins to take what the application publishes to this subscriber alone, if it does. */
    void beginFeed() {
        Publisher<Payload> source = grant.feed();
        if (source != null) {
            SubscriptionFeed begun = new SubscriptionFeed(connection, this);
            feed = begun;
            begun.begin(source);
        }
    }

    /** Sets the position of the client to the one it has once it has processed the reply. */
    public void standAt(HistoryResult read) {
        offset = read.position().offset();
        epoch = read.position().epoch();
        formerEpochs = read.formerEpochs();
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
            if (entry.publication() == null) {
                goOn(entry.position(), entry.epoch());
                continue;
            }
            switch (place(entry.position())) {
                case NEXT -> {
                    boolean named = namesEpoch(entry.position());
                    Publication publication = named ? entry.publication().withEpoch(epoch) : entry.publication();
                    if (connection.push(new Push.Pub(channel.name(), publication))) {
                        statistics.deliveredOne();
                    }
                }
                case SEEN -> {}
                case GAP -> lostPublications();
            }
        }
    }

    @Override
    public EventExecutor executor() {
        return connection.transport().executor();
    }

    @Override
    public WireForm wireForm() {
        return connection.transport().wireForm();
    }

    @Override
    public void failed(Place place, Throwable failure) {
        Boundary.caught(place, this, failure);
        connection.close(Disconnect.SERVER_ERROR, "an unexpected error in channel '" + channel.name() + "'");
    }

    @Override
    public void onPublication(Delivery.OfPublication delivery) {
        if (ended) {
            return;
        }
        Publication publication = delivery.publication();
        if (buffer != null) {
            buffer.add(publication, delivery.position());
            return;
        }
        switch (place(delivery.position())) {
            case NEXT -> {
                ByteBuf frame = namesEpoch(delivery.position())
                        ? delivery.frameWithEpoch(wireForm())
                        : delivery.frameFor(wireForm());
                if (connection.deliver(frame, 1)) {
                    connection.delivered(delivery.arrivedNanos());
                    statistics.deliveredOne();
                }
            }
            case SEEN -> {}
            case GAP -> insufficientState();
        }
    }

    @Override
    public void onPublications(PublicationRun run) {
        boolean whole =
                !ended && buffer == null && !epochUnknownToClient && (!positioned || run.continues(offset, epoch));
        ByteBuf frames = whole ? run.frameFor(wireForm()) : null;
        if (frames == null) {
            run.publications().forEach(this::onPublication);
            return;
        }
        int count = run.publications().size();
        offset = positioned ? run.offsetAfter(offset) : offset;
        if (connection.deliver(frames, count)) {
            statistics.delivered(count);
            connection.delivered(run.publications().get(0).arrivedNanos());
        }
    }

    @Override
    public void onJoinOrLeave(Delivery.OfJoinOrLeave delivery) {
        if (!ended && buffer == null && receivesJoinLeave) {
            connection.deliver(delivery.frameFor(wireForm()), 1);
        }
    }

    @Override
    public void onEpochContinued(StreamPosition end, String epoch) {
        if (buffer != null) {
            buffer.addEpoch(end, epoch);
        } else {
            goOn(end, epoch);
        }
    }

    private void goOn(StreamPosition end, String epoch) {
        boolean concerned = positioned && !ended && this.epoch.equals(end.epoch()) && !epoch.equals(end.epoch());
        if (concerned && Long.compareUnsigned(offset, end.offset()) <= 0) {
            previousEpochEnd = end;
            this.epoch = epoch;
            epochUnknownToClient = true;
        }
    }

    @Override
    public void onLoss(int publications) {
        if (ended) {
            return;
        }
        statistics.lost(publications);
        if (!positioned) {
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
        if (ended || buffer != null || !positioned) {
            return;
        }
        long distance = Long.compareUnsigned(offset, top.position().offset());
        boolean whole = inThisStream(top.position()) && (top.quiet() ? distance == 0 : distance >= 0);
        if (!whole) {
            insufficientState();
        }
    }

    /**
     * Returns whether a publication that is being written must name the epoch. One of the epoch before does not know it
     * yet.
     */
    private boolean namesEpoch(StreamPosition position) {
        boolean names = epochUnknownToClient && epoch.equals(position.epoch());
        epochUnknownToClient &= !names;
        return names;
    }

    /**
     * Returns whether a position belongs to the epoch of this subscription, or to the one before that lost nothing by
     * ending.
     */
    private boolean inThisStream(StreamPosition position) {
        return epoch.equals(position.epoch())
                || (previousEpochEnd != null
                        && previousEpochEnd.epoch().equals(position.epoch())
                        && Long.compareUnsigned(position.offset(), previousEpochEnd.offset()) <= 0);
    }

    private enum Verdict {
        NEXT,
        SEEN,
        GAP
    }

    /** Compares a publication with what the client has, and moves the position if it is the next. */
    private Verdict place(StreamPosition position) {
        if (!positioned || position.offset() == 0) {
            return Verdict.NEXT;
        }
        if (epoch.isEmpty()) {
            epoch = position.epoch();
            epochUnknownToClient = true;
        } else if (!inThisStream(position)) {
            boolean seen =
                    formerEpochs.contains(position.epoch()) && Long.compareUnsigned(position.offset(), offset) <= 0;
            return seen ? Verdict.SEEN : Verdict.GAP;
        }
        if (position.offset() == offset + 1) {
            offset++;
            return Verdict.NEXT;
        }
        return Long.compareUnsigned(position.offset(), offset) <= 0 ? Verdict.SEEN : Verdict.GAP;
    }

    /** Notifies the client that it may have missed publications, so that it recovers. */
    private void insufficientState() {
        if (serverSide) {
            lostPublications();
        } else {
            statistics.gapFound();
            connection.unsubscribe(this, Unsubscribe.INSUFFICIENT_STATE);
        }
    }

    @Override
    public String toString() {
        return connection + " in channel '" + channel.name() + "'";
    }

    /** Only a new connection can mend the hole. */
    private void lostPublications() {
        statistics.gapFound();
        connection.lostPublications(this);
    }
}
