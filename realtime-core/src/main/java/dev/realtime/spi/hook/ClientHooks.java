package dev.realtime.spi.hook;

import org.jspecify.annotations.Nullable;

/**
 * Callbacks of the application during the life of a client, beside those for identity and permissions.
 *
 * @param publish {@code null} when what clients publish is left as it is
 * @param renewal {@code null} when the server renews nothing
 * @param lifecycle does nothing by default
 * @param cache {@code null} when empty caches stay empty
 */
public record ClientHooks(
        @Nullable PublishHook publish,
        @Nullable RenewalHook renewal,
        LifecycleHook lifecycle,
        @Nullable CacheHook cache) {

    /** Nothing of the application takes part. */
    public static final ClientHooks NONE = new ClientHooks(null, null, new LifecycleHook() {});

    /**
     * Creates the hooks of an application that fills no caches.
     *
     * @param publish {@code null} when what clients publish is left as it is
     * @param renewal {@code null} when the server renews nothing
     * @param lifecycle does nothing by default
     */
    public ClientHooks(@Nullable PublishHook publish, @Nullable RenewalHook renewal, LifecycleHook lifecycle) {
        this(publish, renewal, lifecycle, null);
    }
}
