package dev.realtime.spi.hook;

import org.jspecify.annotations.Nullable;

/**
 * Callbacks of the application during the life of a client, beside those for identity and permissions.
 *
 * @param publish {@code null} when what clients publish is left as it is
 * @param renewal {@code null} when the server renews nothing
 * @param lifecycle does nothing by default
 */
public record ClientHooks(
        @Nullable PublishHook publish, @Nullable RenewalHook renewal, LifecycleHook lifecycle) {

    /** Nothing of the application takes part. */
    public static final ClientHooks NONE = new ClientHooks(null, null, new LifecycleHook() {});
}
