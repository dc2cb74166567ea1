package dev.realtime.handler;

import dev.realtime.api.PublishOptions;
import org.jspecify.annotations.Nullable;

/** Decision about a publication of a client, with data that may replace what the client sent. Immutable. */
public final class PublishReply {

    private static final PublishReply ALLOW = new PublishReply(true, null, PublishOptions.DEFAULTS);

    private static final PublishReply DENY = new PublishReply(false, null, PublishOptions.DEFAULTS);

    private final boolean allowed;

    private final @Nullable Object data;

    private final PublishOptions options;

    private PublishReply(boolean allowed, @Nullable Object data, PublishOptions options) {
        this.allowed = allowed;
        this.data = data;
        this.options = options;
    }

    /**
     * Publishes the data that the client sent.
     *
     * @return a permission
     */
    public static PublishReply allow() {
        return ALLOW;
    }

    /**
     * Denies the publication with error 103. Throw a {@link HandlerException} for another code.
     *
     * @return a denial
     */
    public static PublishReply deny() {
        return DENY;
    }

    /**
     * Publishes other data instead.
     *
     * @param data an object for the application's {@code JsonMapper}, or {@code byte[]} or a payload, published as they
     *     are
     * @return a permission
     */
    public static PublishReply of(Object data) {
        return new PublishReply(true, data, PublishOptions.DEFAULTS);
    }

    /**
     * Returns the permission with options of the publication.
     *
     * @param options options such as tags or an idempotency key
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public PublishReply withOptions(PublishOptions options) {
        if (!allowed) {
            throw new IllegalStateException("A denied publication has no options. Start with PublishReply.allow().");
        }
        return new PublishReply(true, data, options);
    }

    /**
     * Returns whether the publication is permitted.
     *
     * @return {@code false} for a denial
     */
    public boolean isAllowed() {
        return allowed;
    }

    /**
     * Returns the data to publish.
     *
     * @return the data, {@code null} for what the client sent
     */
    public @Nullable Object data() {
        return data;
    }

    /**
     * Returns the options of the publication.
     *
     * @return the options
     */
    public PublishOptions options() {
        return options;
    }
}
