package dev.realtime.api.data;

/**
 * Place in the stream of a channel.
 *
 * @param offset number of the last publication up to this place, counted from 1; 0 is before the first. Unsigned
 * @param epoch identity of the stream, opaque to clients: another epoch means that history was lost. Empty when unknown
 */
public record StreamPosition(long offset, String epoch) {

    /** No place: what a channel without history has. */
    public static final StreamPosition NONE = new StreamPosition(0, "");
}
