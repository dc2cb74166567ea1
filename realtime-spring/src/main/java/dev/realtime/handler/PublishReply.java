package dev.realtime.handler;

import dev.realtime.api.PublishOptions;
import org.jspecify.annotations.Nullable;

/** Decision about a publication of a client, and what is published instead of what the client sent. */
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

    /** Publishes what the client sent. */
    public static PublishReply allow() {
        return ALLOW;
    }

    /** Denies the publication with error 103. Throw a {@link HandlerException} for a code of your own. */
    public static PublishReply deny() {
        return DENY;
    }

    /**
     * Publishes other data than the client sent.
     *
     * @param data an object, written as JSON by the application's {@code JsonMapper}; or {@code byte[]} or
     *     {@link dev.realtime.api.data.Payload}, as they are
     */
    public static PublishReply of(Object data) {
        return new PublishReply(true, data, PublishOptions.DEFAULTS);
    }

    /**
     * Returns the same decision with options of the publication.
     *
     * @param options such as tags or an idempotency key
     */
    public PublishReply with(PublishOptions options) {
        if (!allowed) {
            throw new IllegalStateException("A denied publication has no options. Begin with PublishReply.allow().");
        }
        return new PublishReply(true, data, options);
    }

    /** Returns whether something is published. */
    public boolean isAllowed() {
        return allowed;
    }

    /** Returns the published data, or {@code null} for what the client sent. */
    public @Nullable Object data() {
        return data;
    }

    /** Options of the publication. */
    public PublishOptions options() {
        return options;
    }
}
