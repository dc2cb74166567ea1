package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.FailureOwner;
import dev.realtime.spi.transport.WireForm;
import io.netty.util.concurrent.EventExecutor;

/**
 * Connection that is subscribed to a channel, as the hub sees it. Everything but {@link #executor()} and
 * {@link #wireForm()} is called on the executor, in the order in which publications arrived at the hub. A subscriber
 * that throws is ended with {@link #failed}; the others are served.
 */
public interface Subscriber extends FailureOwner {

    /** Owner of the connection; never changes. */
    EventExecutor executor();

    /** What the connection's frames look like; never changes. */
    WireForm wireForm();

    /** Returns whether it watches offsets, so that {@link #onStreamTop} means something to it; never changes. */
    boolean positioned();

    /** A publication arrived. */
    void onPublication(Delivery.OfPublication delivery);

    /**
     * Publications arrived at the same moment: the same as {@link #onPublication} for each, in one write where that
     * fits.
     */
    default void onPublications(PublicationRun run) {
        run.publications().forEach(this::onPublication);
    }

    /** A client entered or left the channel. */
    void onJoinOrLeave(Delivery.OfJoinOrLeave delivery);

    /** Publications that had arrived at the hub could not be kept for delivery. */
    void onLoss(int publications);

    /** The top of the stream was read, to be compared with the position of the subscriber. */
    void onStreamTop(StreamTop top);

    /**
     * Is called when the stream continues in another epoch and nothing was lost: a subscriber in the epoch of
     * {@code end}, at most there, has the same position in the new one. Comes between the publications of both.
     *
     * @param end last position of the old epoch
     * @param epoch identity of the stream from now on
     */
    void onEpochContinued(StreamPosition end, String epoch);
}
