package dev.realtime.hub;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Something on its way to the subscribers of a channel on one executor. Valid only during the call that hands it over.
 */
public sealed interface Delivery
        permits Delivery.OfPublication, Delivery.OfJoinOrLeave, Delivery.OfEpoch, PublicationRun {

    /**
     * The frames to write for one connection, with a reference of its own that the caller owns; {@code null} if this
     * wire form cannot carry what is delivered.
     */
    @Nullable
    ByteBuf frameFor(WireForm form);

    /**
     * A publication.
     *
     * @param position its place in the stream, {@link StreamPosition#NONE} without history
     * @param arrivedNanos when it arrived at the hub, by the clock of the hub
     */
    record OfPublication(Publication publication, StreamPosition position, long arrivedNanos, EncodedPush encoded)
            implements Delivery {

        @Override
        public @Nullable ByteBuf frameFor(WireForm form) {
            return encoded.frameFor(form);
        }

        /** Returns the same as {@link #frameFor}, with the epoch, for a client that has another one. */
        public @Nullable ByteBuf frameWithEpoch(WireForm form) {
            return encoded.frameWithEpoch(form, position.epoch());
        }
    }

    /** A client entered or left. */
    record OfJoinOrLeave(EncodedPush encoded) implements Delivery {

        @Override
        public @Nullable ByteBuf frameFor(WireForm form) {
            return encoded.frameFor(form);
        }
    }

    /**
     * The stream continues in another epoch. In one queue with publications, because those behind it belong to that
     * epoch.
     *
     * @param end last position of the old epoch
     * @param epoch identity of the stream from now on
     */
    record OfEpoch(StreamPosition end, String epoch) implements Delivery {

        /** Returns {@code null}: nothing is written for it. */
        @Override
        public @Nullable ByteBuf frameFor(WireForm form) {
            return null;
        }
    }
}
