package dev.realtime.hub;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Publication;
import dev.realtime.delta.DeltaPublications;
import dev.realtime.protocol.Push;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one publication for subscribers with deltas, whole and with a patch. The patch is computed once for all of
 * them. Whole publications in Protobuf are the same as for other subscribers, and not here.
 */
final class DeltaFrames {

    private final Delivery.OfPublication owner;

    private final DeltaChain.Link link;

    private final @Nullable ByteBuf[] whole = new ByteBuf[WireForm.values().length];

    private final @Nullable ByteBuf[] patched = new ByteBuf[WireForm.values().length];

    DeltaFrames(Delivery.OfPublication owner, DeltaChain.Link link) {
        this.owner = owner;
        this.link = link;
    }

    DeltaChain.Link link() {
        return link;
    }

    /** Returns the wire forms whose whole publications are the same with deltas and without, as a bit set. */
    static int formsOfEqualWholes() {
        int forms = 0;
        for (WireForm form : WireForm.values()) {
            forms |= protocol(form) == ProtocolType.PROTOBUF ? 1 << form.ordinal() : 0;
        }
        return forms;
    }

    /** Encodes for the wire forms of a body that are in use. */
    void encode(WireForm[] formsOfBody, int formsInUse) {
        for (WireForm form : formsOfBody) {
            if ((formsInUse & 1 << form.ordinal()) != 0) {
                ProtocolType protocol = protocol(form);
                if (protocol == ProtocolType.JSON) {
                    owner.encode(formsOfBody, formsInUse, wholePush(form), whole);
                }
                byte[] patch = link.patch();
                if (patch != null && owner.fits(form) && DeltaPublications.carries(protocol, patch)) {
                    Publication patchedPublication = DeltaPublications.patched(protocol, owner.publication(), patch);
                    owner.encode(formsOfBody, formsInUse, push(patchedPublication), patched);
                }
                return;
            }
        }
    }

    /**
     * Returns the frame of the whole publication with a reference that the caller owns; {@code null} if it is not here.
     */
    @Nullable
    ByteBuf whole(WireForm form) {
        return retained(whole[form.ordinal()]);
    }

    /** Returns the frame with the patch with a reference that the caller owns; {@code null} to send it whole. */
    @Nullable
    ByteBuf patched(WireForm form) {
        return retained(patched[form.ordinal()]);
    }

    private Push wholePush(WireForm form) {
        return push(DeltaPublications.whole(protocol(form), owner.publication()));
    }

    private Push push(Publication publication) {
        return new Push.Pub(owner.channel(), publication);
    }

    private static ProtocolType protocol(WireForm form) {
        return form.codec().type();
    }

    private static @Nullable ByteBuf retained(@Nullable ByteBuf frame) {
        return frame == null ? null : frame.retain();
    }

    /** Length of the longest frame of a wire form. */
    int frameBytes(WireForm form) {
        return Math.max(length(whole[form.ordinal()]), length(patched[form.ordinal()]));
    }

    /** Length of the longest frame. */
    int frameBytes() {
        int longest = 0;
        for (WireForm form : WireForm.values()) {
            longest = Math.max(longest, frameBytes(form));
        }
        return longest;
    }

    /** Bytes of all frames. */
    int heldBytes() {
        int held = 0;
        for (WireForm form : WireForm.values()) {
            held += length(whole[form.ordinal()]) + length(patched[form.ordinal()]);
        }
        return held;
    }

    private static int length(@Nullable ByteBuf frame) {
        return frame == null ? 0 : frame.readableBytes();
    }

    void release() {
        Delivery.Encoded.releaseAll(whole);
        Delivery.Encoded.releaseAll(patched);
    }
}
