package dev.realtime.api.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Piece of data in a channel.
 *
 * @param data what was published, byte for byte
 * @param info the client that published it; {@code null} when the application did
 * @param offset its number in the stream, from 1; 0 in a channel without history
 * @param tags small key-value pairs beside the data, empty if none
 * @param version its version as the publisher counts, unsigned; 0 if the publisher gave none
 * @param epoch identity of the stream, as written to a client that has another one; empty for every other client, and
 *     always empty in an engine, where it is part of the position
 * @param exclusion subscribers that do not get it; no client sees this
 * @param delta whether it may be sent as its difference to the publication before, or was made such a difference
 */
public record Publication(
        Payload data,
        @Nullable ClientInfo info,
        long offset,
        Map<String, String> tags,
        long version,
        String epoch,
        Exclusion exclusion,
        Delta delta) {

    /** Relation of a publication to the one before it in the channel. */
    public enum Delta {
        /** It is sent whole. */
        NONE,
        /** Subscribers that asked for it may get the difference to the publication before. */
        ALLOWED,
        /** The data is such a difference. Only on the way to a client, never in an engine. */
        PATCH
    }

    /**
     * Publication without a version.
     *
     * @param data data of the publication
     * @param info publisher; {@code null} for the server
     * @param offset offset in the stream
     * @param tags tags of the publication
     */
    public Publication(Payload data, @Nullable ClientInfo info, long offset, Map<String, String> tags) {
        this(data, info, offset, tags, 0, "", Exclusion.NONE, Delta.NONE);
    }

    /**
     * Publication of the application, not yet in a stream.
     *
     * @param data data of the publication
     * @return the publication
     */
    public static Publication of(Payload data) {
        return new Publication(data, null, 0, Map.of());
    }

    /**
     * The same publication at a place in the stream.
     *
     * @param offset offset in the stream
     * @return a copy with the offset; the same object if it has it
     */
    public Publication at(long offset) {
        return offset == this.offset
                ? this
                : new Publication(data, info, offset, tags, version, epoch, exclusion, delta);
    }

    /**
     * Returns the same publication with a version.
     *
     * @param version version of the data; 0 for none
     * @return a copy with the version
     */
    public Publication withVersion(long version) {
        return new Publication(data, info, offset, tags, version, epoch, exclusion, delta);
    }

    /**
     * Returns the same publication for a client that has another epoch.
     *
     * @param epoch epoch of the stream
     * @return a copy with the epoch
     */
    public Publication withEpoch(String epoch) {
        return new Publication(data, info, offset, tags, version, epoch, exclusion, delta);
    }

    /**
     * Returns the same publication for all subscribers but some.
     *
     * @param exclusion subscribers that do not get it
     * @return a copy with the exclusion
     */
    public Publication withExclusion(Exclusion exclusion) {
        return new Publication(data, info, offset, tags, version, epoch, exclusion, delta);
    }

    /**
     * Returns the same publication with another relation to the one before.
     *
     * @param delta whether it may be sent as a difference
     * @return a copy with the relation
     */
    public Publication withDelta(Delta delta) {
        return new Publication(data, info, offset, tags, version, epoch, exclusion, delta);
    }

    /**
     * Returns the same publication with other data, as for a client that gets it in another form.
     *
     * @param data data of the copy
     * @return a copy with the data
     */
    public Publication withData(Payload data) {
        return new Publication(data, info, offset, tags, version, epoch, exclusion, delta);
    }
}
