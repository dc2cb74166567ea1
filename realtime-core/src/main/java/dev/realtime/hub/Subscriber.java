package dev.realtime.hub;

import dev.realtime.transport.WireForm;
import io.netty.util.concurrent.EventExecutor;

/**
 * One connection in one channel, as the hub sees it. Everything but {@link #executor()} and {@link #wireForm()} is called on
 * the executor, in the order in which publications arrived at the hub.
 */
public interface Subscriber {

    /** Owner of the connection; never changes. */
    EventExecutor executor();

    /** What the connection's frames look like; never changes. */
    WireForm wireForm();

    /** Whether it watches offsets, so that {@link #onStreamTop} means something to it; never changes. */
    boolean positioned();

    /** A publication arrived. */
    void onPublication(Delivery.OfPublication delivery);

    /** Publications arrived at the same moment: the same as {@link #onPublication} for each, in one write where that fits. */
    default void onPublications(PublicationRun run) {
        run.publications().forEach(this::onPublication);
    }

    /** A client entered or left the channel. */
    void onJoinOrLeave(Delivery.OfJoinOrLeave delivery);

    /** The top of the stream was read, to be compared with the position of the subscriber. */
    void onStreamTop(StreamTop top);
}
