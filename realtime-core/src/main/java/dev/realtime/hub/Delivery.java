package dev.realtime.hub;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.delta.DeltaPublications;
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
        static final WireForm[][] FORMS_OF_BODY = formsOfBodies();

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

        /** The frames with the number of the channel; {@code null} where no subscriber gets them. */
        private @Nullable ByteBuf @Nullable [] compactFrames;

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
        final void encode(int formsInUse) {
            for (WireForm[] forms : FORMS_OF_BODY) {
                encode(forms, formsInUse, push, frames);
            }
        }

        /**
         * Encodes for subscribers that get the number of the channel instead of its name.
         *
         * @param formsInUse bit set of the ordinals of their wire forms
         */
        final void encodeCompact(int formsInUse, long channelId) {
            Push compact = new Push.Compact(channelId, push);
            @Nullable ByteBuf[] encoded = new ByteBuf[FORMS.length];
            compactFrames = encoded;
            for (WireForm[] forms : FORMS_OF_BODY) {
                encode(forms, formsInUse, compact, encoded);
            }
        }

        /** Encodes a push for those of the wire forms of one body that are in use and can carry it. */
        final void encode(WireForm[] formsOfBody, int formsInUse, Push content, @Nullable ByteBuf[] frames) {
            WireWriter message = null;
            for (WireForm form : formsOfBody) {
                if ((formsInUse & 1 << form.ordinal()) != 0 && content.fits(form.codec())) {
                    message = message == null ? encoded(form, content) : message;
                    frames[form.ordinal()] = form.frame(message, allocator);
                }
            }
        }

        /**
         * Returns the frame of a class of subscribers with a reference that the caller owns; {@code null} if its form
         * cannot carry the push. A subscriber that came after the encoding gets the name of the channel, which every
         * client understands.
         */
        final @Nullable ByteBuf frameFor(DeliveryClass deliveryClass) {
            ByteBuf compact = compactFrames == null || !deliveryClass.compact()
                    ? null
                    : compactFrames[deliveryClass.form().ordinal()];
            return compact == null ? frameFor(deliveryClass.form()) : compact.retain();
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
        int frameBytes(WireForm form) {
            ByteBuf frame = frames[form.ordinal()];
            return frame == null ? frameBytes() : frame.readableBytes();
        }

        /** Length of the longest frame encoded so far. */
        int frameBytes() {
            int longest = longest(frames);
            return compactFrames == null ? longest : Math.max(longest, longest(compactFrames));
        }

        /** Bytes held while it waits: frames, and roughly what belongs to them on the heap. */
        int heldBytes() {
            int held = HELD_BESIDE_FRAMES + sum(frames);
            return compactFrames == null ? held : held + sum(compactFrames);
        }

        private static int longest(@Nullable ByteBuf[] frames) {
            int longest = 0;
            for (ByteBuf frame : frames) {
                longest = frame == null ? longest : Math.max(longest, frame.readableBytes());
            }
            return longest;
        }

        private static int sum(@Nullable ByteBuf[] frames) {
            int sum = 0;
            for (ByteBuf frame : frames) {
                sum += frame == null ? 0 : frame.readableBytes();
            }
            return sum;
        }

        @Override
        protected void deallocate() {
            releaseAll(frames);
            if (compactFrames != null) {
                releaseAll(compactFrames);
            }
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

        /** The frames for subscribers with deltas; {@code null} where there were none. */
        private @Nullable DeltaFrames deltas;

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

        /**
         * Encodes for subscribers with deltas.
         *
         * @param formsInUse bit set of the ordinals of their wire forms
         */
        void encodeDeltas(int formsInUse, DeltaChain.Link link) {
            deltas = new DeltaFrames(this, link);
            for (WireForm[] forms : FORMS_OF_BODY) {
                deltas.encode(forms, formsInUse);
            }
        }

        /** Returns its place in the channel; {@code null} where there were no subscribers with deltas. */
        DeltaChain.@Nullable Link link() {
            return deltas == null ? null : deltas.link();
        }

        /**
         * Returns the frame for a subscriber with deltas, with a reference that the caller owns; {@code null} if the
         * wire form cannot carry the publication.
         *
         * @param fromBase whether its client has the base of the patch
         */
        @Nullable
        ByteBuf frameWithDeltas(WireForm form, boolean fromBase) {
            ByteBuf patched = deltas == null || !fromBase ? null : deltas.patched(form);
            ByteBuf frame = patched != null || deltas == null ? patched : deltas.whole(form);
            if (frame != null) {
                return frame;
            }
            Publication whole = DeltaPublications.whole(form.codec().type(), publication);
            // The same as without deltas, or the first client of this form came after the encoding.
            return whole == publication ? frameFor(form) : frame(form, new Push.Pub(channel(), whole));
        }

        @Override
        int frameBytes(WireForm form) {
            int without = super.frameBytes(form);
            return deltas == null ? without : Math.max(without, deltas.frameBytes(form));
        }

        @Override
        int frameBytes() {
            int longest = super.frameBytes();
            return deltas == null ? longest : Math.max(longest, deltas.frameBytes());
        }

        @Override
        int heldBytes() {
            return super.heldBytes() + (deltas == null ? 0 : deltas.heldBytes());
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

        /** The same for a subscriber with deltas, for which it is not shared. */
        @Nullable
        ByteBuf frameWithEpochAndDeltas(WireForm form) {
            Publication whole = DeltaPublications.whole(form.codec().type(), publication);
            return whole == publication
                    ? frameWithEpoch(form)
                    : frame(form, new Push.Pub(channel(), whole.withEpoch(position.epoch())));
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            if (deltas != null) {
                deltas.release();
            }
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
