package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.FailureOwner;
import dev.realtime.statistics.NamespaceStatistics;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Connection that is subscribed to a channel, as the hub sees it. Everything but {@link #executor()} and
 * {@link #deliveryClass()} is called on the executor, in the order in which publications arrived at the hub. A
 * subscriber that throws is ended with {@link #failed}; the others are served.
 */
public abstract class Subscriber implements FailureOwner {

    /** Subscribers among which it is served; {@code null} while it is in no channel. */
    @Nullable
    ClassSubscribers group;

    /** Place in the group, so that leaving takes the same time however many there are. */
    int place;

    /** Number of the channel, if it gets compact pushes and is in the channel. */
    private long channelId;

    /** Returns the number that its pushes have instead of the channel; 0 if they have the name. */
    public final long channelId() {
        return channelId;
    }

    void channelId(long channelId) {
        this.channelId = channelId;
    }

    /** Owner of the connection; never changes. */
    public abstract EventExecutor executor();

    /** Returns what it has in common with others that get the same bytes; never changes. */
    public abstract DeliveryClass deliveryClass();

    /** Returns how publications are collected for it and the others in the channel. */
    public Batching batching() {
        return Batching.NONE;
    }

    /** Returns the counters of the namespace of the channel; never changes. */
    public abstract NamespaceStatistics statistics();

    /** Returns whether it watches offsets, so that {@link #onStreamTop} means something to it; never changes. */
    public abstract boolean positioned();

    /**
     * Publications arrived, one or several at the same moment.
     *
     * @return how many of them were written
     */
    public abstract int onPublications(ClassDelivery delivery);

    /** A client entered or left the channel. */
    public abstract void onJoinOrLeave(SharedFrame frame);

    /** Publications that had arrived at the hub could not be kept for delivery. */
    public abstract void onLoss(int publications);

    /** The top of the stream was read, to be compared with the position of the subscriber. */
    public abstract void onStreamTop(StreamTop top);

    /** What clients know of the channel is no longer true: they must load it again. */
    public abstract void onInvalidation();

    /**
     * Is called when the stream continues in another epoch and nothing was lost: a subscriber in the epoch of
     * {@code end}, at most there, has the same position in the new one. Comes between the publications of both.
     *
     * @param end last position of the old epoch
     * @param epoch identity of the stream from now on
     */
    public abstract void onEpochContinued(StreamPosition end, String epoch);
}
