package dev.realtime.spi.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Question to nodes about themselves. */
public sealed interface ControlQuestion {

    /** Channels with a subscriber whose whole name matches a glob; an empty pattern matches all. */
    record Channels(String pattern) implements ControlQuestion {}

    /** Connections of a user. */
    record Connections(String userId) implements ControlQuestion {}

    /**
     * Hands a frame that a client posted to the node that owns its emulated session.
     *
     * @param session secret id of the session; one that the node does not know has the same answer as a known one
     * @param data frame of commands; must not be changed afterwards
     */
    record Emulate(String session, byte[] data) implements ControlQuestion {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Emulate it && session.equals(it.session) && Arrays.equals(data, it.data);
        }

        @Override
        public int hashCode() {
            return 31 * session.hashCode() + Arrays.hashCode(data);
        }

        /** Leaves out the session and the data. */
        @Override
        public String toString() {
            return "Emulate[" + data.length + " bytes]";
        }
    }
}
