package dev.realtime.hub;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import dev.realtime.spi.transport.WireBody;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Something on its way to the subscribers of a channel. */
sealed interface Delivery permits Delivery.Encoded, Delivery.OfEpoch {

    /**
     * A push encoded once per body and framed once per wire form in use, into frames that all subscribers share.
     * Reference-counted: each executor that delivers it holds one reference, the frames live until the last of them is
     * done and every socket has written them.
     */
    abstract sealed class Encoded extends AbstractReferenceCounted implements Delivery
            permits OfPublication, OfJoinOrLeave {

        private static final WireForm[] FORMS = WireForm.values();

        /** Wire forms of each body, by its ordinal. */
        private static final WireForm[][] FORMS_OF_BODY = formsOfBodies();

        private static final FastThreadLocal<WireWriter> WRITER = new FastThreadLocal<>() {
            @Override
            protected WireWriter initialValue() {
                return new WireWriter();
            }
        };

        /** Objects of a waiting delivery, roughly; its data is about as long as a frame. */
        private static final int HELD_BESIDE_FRAMES = 256;

        private final Push push;

        private final @Nullable ByteBuf[] frames = new ByteBuf[FORMS.length];

        private final ByteBufAllocator allocator;

        private Encoded(Push push, ByteBufAllocator allocator) {
            this.push = push;
            this.allocator = allocator;
        }

        private static WireForm[][] formsOfBodies() {
            WireBody[] bodies = WireBody.values();
            WireForm[][] forms = new WireForm[bodies.length][];
            for (WireBody body : bodies) {
                forms[body.ordinal()] =
                        Arrays.stream(FORMS).filter(form -> form.body() == body).toArray(WireForm[]::new);
            }
            return forms;
        }

        /**
         * Encodes for the wire forms in use, once for all forms of a body; for others it is encoded when a connection
         * asks.
         *
         * @param formsInUse bit set of their ordinals
         */
        void encode(int formsInUse) {
            for (WireForm[] forms : FORMS_OF_BODY) {
                WireWriter message = null;
                for (WireForm form : forms) {
                    if ((formsInUse & 1 << form.ordinal()) != 0 && fits(form)) {
                        message = message == null ? encoded(form, push) : message;
                        frames[form.ordinal()] = form.frame(message, allocator);
                    }
                }
            }
        }

        final String channel() {
            return push.channel();
        }

        final ByteBufAllocator allocator() {
            return allocator;
        }

        /**
         * Returns the frame of a wire form with a reference that the caller owns; {@code null} if the form cannot carry
         * the push.
         */
        final @Nullable ByteBuf frameFor(WireForm form) {
            ByteBuf shared = frames[form.ordinal()];
            if (shared != null) {
                return shared.retain();
            }
            // Either not representable, or the first client of this form came after the encoding.
            return fits(form) ? frame(form, push) : null;
        }

        /** Returns whether the wire form can carry the push. */
        final boolean fits(WireForm form) {
            return push.fits(form.codec());
        }

        final ByteBuf frame(WireForm form, Push content) {
            return form.frame(encoded(form, content), allocator);
        }

        /** Returns the message in a buffer of this thread that the next message overwrites. */
        private static WireWriter encoded(WireForm form, Push content) {
            WireWriter message = WRITER.get().clear();
            form.body().writePush(content, message);
            return message;
        }

        /** Length of the frame of a wire form; of the longest one if that form is not encoded. */
        final int frameBytes(WireForm form) {
            ByteBuf frame = frames[form.ordinal()];
            return frame == null ? frameBytes() : frame.readableBytes();
        }

        /** Length of the longest frame encoded so far. */
        final int frameBytes() {
            int longest = 0;
            for (ByteBuf frame : frames) {
                longest = frame == null ? longest : Math.max(longest, frame.readableBytes());
            }
            return longest;
        }

        /** Bytes held while it waits: frames, and roughly what belongs to them on the heap. */
        final int heldBytes() {
            int held = HELD_BESIDE_FRAMES;
            for (ByteBuf frame : frames) {
                held += frame == null ? 0 : frame.readableBytes();
            }
            return held;
        }

        @Override
        protected void deallocate() {
            releaseAll(frames);
        }

        static void releaseAll(@Nullable ByteBuf[] frames) {
            for (ByteBuf frame : frames) {
                if (frame != null) {
                    frame.release();
                }
            }
        }

        @Override
        public final ReferenceCounted touch(Object hint) {
            return this;
        }
    }

    /** A publication. */
    final class OfPublication extends Encoded {

        private final Publication publication;

        private final StreamPosition position;

        private final long arrivedNanos;

        /** Whether several executors count references of the same frames. */
        private boolean forSeveralExecutors;

        /** The frames for subscribers that have another epoch; {@code null} until the first of them asks. */
        private @Nullable ByteBuf @Nullable [] framesWithEpoch;

        OfPublication(
                String channel,
                Publication publication,
                StreamPosition position,
                long arrivedNanos,
                ByteBufAllocator allocator) {
            super(new Push.Pub(channel, publication), allocator);
            this.publication = publication;
            this.position = position;
            this.arrivedNanos = arrivedNanos;
        }

        /** Notes for how many executors it is, before it is handed to them. */
        void forExecutors(int executors) {
            forSeveralExecutors = executors > 1;
        }

        boolean isForSeveralExecutors() {
            return forSeveralExecutors;
        }

        Publication publication() {
            return publication;
        }

        /** Its place in the stream, {@link StreamPosition#NONE} without history. */
        StreamPosition position() {
            return position;
        }

        /** When it arrived at the hub, by the clock of the hub. */
        long arrivedNanos() {
            return arrivedNanos;
        }

        /**
         * Returns a frame of this publication that names its epoch too, for one connection, with a reference of its
         * own; {@code null} if the wire form cannot carry it. Encoded once per form, when the first subscriber asks,
         * because hardly any publication needs it.
         */
        synchronized @Nullable ByteBuf frameWithEpoch(WireForm form) {
            if (!fits(form)) {
                return null;
            }
            if (framesWithEpoch == null) {
                framesWithEpoch = new ByteBuf[Encoded.FORMS.length];
            }
            ByteBuf frame = framesWithEpoch[form.ordinal()];
            if (frame == null) {
                frame = frame(form, new Push.Pub(channel(), publication.withEpoch(position.epoch())));
                framesWithEpoch[form.ordinal()] = frame;
            }
            return frame.retain();
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            if (framesWithEpoch != null) {
                releaseAll(framesWithEpoch);
            }
        }
    }

    /** A client entered or left. */
    final class OfJoinOrLeave extends Encoded {

        OfJoinOrLeave(Push push, ByteBufAllocator allocator) {
            super(push, allocator);
        }
    }

    /**
     * The stream continues in another epoch. In one queue with publications, because those behind it belong to that
     * epoch.
     *
     * @param end last position of the old epoch
     * @param epoch identity of the stream from now on
     */
    record OfEpoch(StreamPosition end, String epoch) implements Delivery {}
}
