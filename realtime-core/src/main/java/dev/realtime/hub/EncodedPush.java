package dev.realtime.hub;

import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * A push encoded once per wire form in use, into frames that all subscribers share. Reference-counted: each executor
 * that delivers it holds one reference, the frames live until the last of them is done and every socket has written
 * them.
 */
final class EncodedPush extends AbstractReferenceCounted {

    private static final WireForm[] FORMS = WireForm.values();

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

    /** The same publication for subscribers that have another epoch; {@code null} until the first of them asks. */
    private @Nullable EncodedPush withEpoch;

    private final ByteBufAllocator allocator;

    private EncodedPush(Push push, ByteBufAllocator allocator) {
        this.push = push;
        this.allocator = allocator;
    }

    /**
     * @param formsInUse bit set of the ordinals of the wire forms to encode for; others are encoded when asked for
     */
    static EncodedPush encode(Push push, int formsInUse, ByteBufAllocator allocator) {
        EncodedPush encoded = new EncodedPush(push, allocator);
        boolean complete = false;
        try {
            for (WireForm form : FORMS) {
                if ((formsInUse & 1 << form.ordinal()) != 0 && push.fits(form.codec())) {
                    encoded.frames[form.ordinal()] = encoded.frame(form);
                }
            }
            complete = true;
            return encoded;
        } finally {
            if (!complete) {
                encoded.release();
            }
        }
    }

    String channel() {
        return push.channel();
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    /** A frame for one connection, with a reference of its own; {@code null} if the wire form cannot carry the push. */
    @Nullable
    ByteBuf frameFor(WireForm form) {
        ByteBuf shared = frames[form.ordinal()];
        if (shared != null) {
            return shared.retain();
        }
        // Either not representable, or the first client of this form came after the encoding.
        return push.fits(form.codec()) ? frame(form) : null;
    }

    /**
     * Returns a frame of this publication that names its epoch too, for one connection, with a reference of its own;
     * {@code null} if the wire form cannot carry it. Encoded once per form, when the first subscriber asks, because
     * hardly any publication needs it.
     */
    synchronized @Nullable ByteBuf frameWithEpoch(WireForm form, String epoch) {
        if (!push.fits(form.codec())) {
            return null;
        }
        if (withEpoch == null) {
            Push.Pub pub = (Push.Pub) push;
            withEpoch = new EncodedPush(
                    new Push.Pub(pub.channel(), pub.publication().withEpoch(epoch)), allocator);
        }
        ByteBuf frame = withEpoch.frames[form.ordinal()];
        if (frame == null) {
            frame = withEpoch.frame(form);
            withEpoch.frames[form.ordinal()] = frame;
        }
        return frame.retain();
    }

    /** Length of the longest frame encoded so far. */
    int frameBytes() {
        int longest = 0;
        for (ByteBuf frame : frames) {
            longest = frame == null ? longest : Math.max(longest, frame.readableBytes());
        }
        return longest;
    }

    /** Bytes held while it waits: frames, and roughly what belongs to them on the heap. */
    int heldBytes() {
        int held = HELD_BESIDE_FRAMES;
        for (ByteBuf frame : frames) {
            held += frame == null ? 0 : frame.readableBytes();
        }
        return held;
    }

    private ByteBuf frame(WireForm form) {
        WireWriter writer = WRITER.get().clear();
        form.codec().writePush(push, writer);
        return form.frame(writer, allocator);
    }

    @Override
    protected void deallocate() {
        for (ByteBuf frame : frames) {
            if (frame != null) {
                frame.release();
            }
        }
        if (withEpoch != null) {
            withEpoch.release();
        }
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }
}
