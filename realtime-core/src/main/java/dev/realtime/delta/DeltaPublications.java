package dev.realtime.delta;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.Publication.Delta;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.Utf8;
import dev.realtime.json.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publications as they are written to subscribers with deltas. Protobuf carries the bytes of the data or of a patch as
 * they are. JSON carries both as the text of a string, so that the client has the bytes that the next patch is for.
 */
public final class DeltaPublications {

    /** Data of one batch that is compared at most; what follows is sent whole. */
    private static final int MAX_COMPARED_BYTES = 256 * 1024;

    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.US_ASCII);

    private DeltaPublications() {}

    /**
     * Returns what turns the data of one publication into that of the next, if the next may be sent so and it pays.
     *
     * @return a patch; {@code null} to send the publication whole
     */
    public static byte @Nullable [] patch(Payload base, Publication publication) {
        return publication.delta() == Delta.ALLOWED
                ? FossilDelta.patch(base.bytes(), publication.data().bytes())
                : null;
    }

    /** Returns whether an encoding can carry a patch: JSON only one that is text. */
    public static boolean carries(ProtocolType protocol, byte[] patch) {
        return protocol == ProtocolType.PROTOBUF || Utf8.isValid(patch, 0, patch.length);
    }

    /** Returns a publication as it is written whole. */
    public static Publication whole(ProtocolType protocol, Publication publication) {
        Payload data = publication.data();
        if (protocol == ProtocolType.PROTOBUF || !(data.isJson() || data.isEmpty())) {
            return publication;
        }
        // Clients parse the text, which therefore cannot be empty.
        return publication.withData(text(data.isEmpty() ? NOTHING : data.bytes()));
    }

    /**
     * Returns a publication as it is written with a patch in place of its data.
     *
     * @param patch one that the encoding can carry
     */
    public static Publication patched(ProtocolType protocol, Publication publication, byte[] patch) {
        Payload data = protocol == ProtocolType.PROTOBUF ? Payload.of(patch) : text(patch);
        return publication.withData(data).withDelta(Delta.PATCH);
    }

    /** Returns publications that are written together, of which the client has none: the first whole. */
    public static List<Publication> batch(ProtocolType protocol, List<Publication> publications) {
        List<Publication> written = new ArrayList<>(publications.size());
        Payload base = Payload.empty();
        long compared = 0;
        for (Publication publication : publications) {
            compared += publication.data().length();
            byte[] patch = compared > MAX_COMPARED_BYTES ? null : patch(base, publication);
            // A client that speaks JSON gets none of them if one is not JSON.
            boolean patched = patch != null
                    && carries(protocol, patch)
                    && (protocol == ProtocolType.PROTOBUF || publication.data().isJson());
            written.add(patched ? patched(protocol, publication, patch) : whole(protocol, publication));
            base = publication.data();
        }
        return written;
    }

    private static Payload text(byte[] utf8) {
        WireWriter string = new WireWriter(utf8.length + utf8.length / 4 + 2);
        JsonOutput.string(string, utf8);
        return Payload.ofCheckedJson(string.toByteArray(), false);
    }
}
