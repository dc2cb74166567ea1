package dev.realtime.handler;

import dev.realtime.api.PublishSettings;

/**
 * What is published instead of what the client sent.
 *
 * @param data an object, written as JSON by the application's {@code JsonMapper}; or {@code byte[]} or
 *     {@link dev.realtime.protocol.Payload}, as they are
 * @param settings options such as tags or an idempotency key
 */
public record PublishReply(Object data, PublishSettings settings) {

    /** This data without options. */
    public static PublishReply of(Object data) {
        return new PublishReply(data, PublishSettings.DEFAULTS);
    }

    /** The same data with options. */
    public PublishReply with(PublishSettings settings) {
        return new PublishReply(data, settings);
    }
}
