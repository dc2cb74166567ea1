package dev.realtime.node;

import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.TransactionHook;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks of the application beside those for identity, permissions and methods.
 *
 * @param transactions {@code null} when there are none: publishing after a commit is then refused
 * @param occupancy {@code null} if occupancy of channels is not observed
 */
public record NodeHooks(
        ClientHooks clients,
        @Nullable TransactionHook transactions,
        @Nullable OccupancyListener occupancy) {

    /** Nothing of the application takes part. */
    public static final NodeHooks NONE = new NodeHooks(ClientHooks.NONE, null, null);
}
