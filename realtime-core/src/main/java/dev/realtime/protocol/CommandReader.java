package dev.realtime.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Reads the commands of one frame in order. Commands before a broken one are handed out first, as the reference server
 * runs them. Not for use by several threads.
 */
public interface CommandReader {

    /**
     * The next command, or {@code null} at the end of the frame. Nothing it holds refers to the frame's array.
     *
     * @throws MalformedFrameException if the frame breaks a rule here; the reader is of no use afterwards
     */
    @Nullable
    Command next() throws MalformedFrameException;

    /** Copies what is left of the frame, whose array is used for something else from now on. */
    void keep();
}
