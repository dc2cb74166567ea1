package dev.realtime.api;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PublishResult;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Publishes data into channels. Inject it by type.
 *
 * <p>Data is an object, written by the application's {@code JsonMapper}; or {@code byte[]} or
 * {@link dev.realtime.api.data.Payload}, sent as they are. A {@code String} is an object like any other and becomes a
 * JSON string; text that is JSON already is published by {@link #publishJson(String, String)}.
 *
 * <p>Every {@code Mono} is cold: nothing is published before it is subscribed to, and each subscription publishes
 * again. They never block, complete on any thread, and fail with {@link RealtimeException} when the channel is unknown
 * or the data refused, with {@link dev.realtime.api.client.EngineException} when the engine cannot be reached.
 */
@CheckReturnValue
public interface RealtimePublisher {

    /**
     * Publishes into a channel. Works without any subscriber.
     *
     * @param channel name of the channel, with its namespace
     * @param data an object, {@code byte[]} or a payload
     * @return the place in the stream; fails with {@link RealtimeException} (107 for the empty name or data of another
     *     format, 102 for an unknown namespace) or {@link dev.realtime.api.client.EngineException}
     */
    default Mono<PublishResult> publish(String channel, Object data) {
        return publish(channel, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes into a channel with options.
     *
     * @param channel name of the channel, with its namespace
     * @param data an object, {@code byte[]} or a payload
     * @param options options of the publish
     * @return the place in the stream, that of the first publish if this one was suppressed; fails as
     *     {@link #publish(String, Object)} does
     */
    Mono<PublishResult> publish(String channel, Object data, PublishOptions options);

    /**
     * Publishes JSON text into a channel as the JSON that it is, without options.
     *
     * @param channel name of the channel
     * @param json one JSON value as text, passed on as it is
     * @return the place in the stream; fails with {@link RealtimeException} (107) if the text is not JSON
     */
    default Mono<PublishResult> publishJson(String channel, String json) {
        return publishJson(channel, json, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes JSON text into a channel as the JSON that it is. {@link #publish(String, Object, PublishOptions)}
     * would make a JSON string of it.
     *
     * @param channel name of the channel
     * @param json one JSON value as text, passed on as it is
     * @param options options of the publish
     * @return the place in the stream; fails with {@link RealtimeException} (107) if the text is not JSON
     */
    default Mono<PublishResult> publishJson(String channel, String json, PublishOptions options) {
        return Mono.defer(() -> {
            Payload payload = Payload.ofText(json);
            return payload.isJson()
                    ? publish(channel, payload, options)
                    : Mono.error(new RealtimeException(
                            ClientError.BAD_REQUEST,
                            "The text for channel '" + channel + "' is not JSON. Correct it, or publish it as a JSON"
                                    + " string with publish()."));
        });
    }

    /**
     * Publishes into a channel once the current transaction is committed.
     *
     * @param channel name of the channel, with its namespace
     * @param data an object, {@code byte[]} or a payload
     * @return completes when the publication is registered; fails as
     *     {@link #publishAfterCommit(String, Object, PublishOptions)} does
     */
    default Mono<Void> publishAfterCommit(String channel, Object data) {
        return publishAfterCommit(channel, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes into a channel with options once the current transaction is committed: the reactive one of the pipeline
     * it is part of, or else the imperative one of the thread that subscribes. Nothing is published when it rolls back.
     *
     * <p>Completes as soon as the publication is registered, so that it can be waited for inside the transaction, also
     * with {@code block()} in a blocking method. The data is written as JSON then, later changes of the object are not
     * seen. Fails, so that the transaction can roll back, when the channel is unknown or refuses the data, and with
     * {@link IllegalStateException} when there is no transaction or it cannot take registrations.
     *
     * <p>What fails after the commit cannot be reported to the caller any more: it is logged, counted and reported to
     * the application. At most once, then; write an outbox where that is not enough.
     *
     * @param channel name of the channel, with its namespace
     * @param data an object, {@code byte[]} or a payload
     * @param options options of the publish
     * @return completes when the publication is registered
     */
    Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options);

    /**
     * Publishes the same data into many channels.
     *
     * @param channels names of the channels
     * @param data an object, {@code byte[]} or a payload
     * @return one outcome per channel, in their order; fails only if the data cannot be written
     */
    default Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data) {
        return broadcast(channels, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes the same data into many channels with options. A channel that fails does not stop the others.
     *
     * @param channels names of the channels
     * @param data an object, {@code byte[]} or a payload
     * @param options options of each publish
     * @return one outcome per channel, in their order; fails only if the data cannot be written
     */
    Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options);

    /**
     * Publishes to all connections of a user through its personal channel.
     *
     * <p>Fails with {@link RealtimeException} unless
     * {@code realtime.client.subscribe-to-user-personal-channel.enabled}.
     *
     * @param userId id of the user, not empty
     * @param data an object, {@code byte[]} or a payload
     * @return the place in the stream of the personal channel; fails with {@link RealtimeException} (107 for the empty
     *     user, 108 without personal channels)
     */
    default Mono<PublishResult> publishToUser(String userId, Object data) {
        return publishToUser(userId, data, PublishOptions.DEFAULTS);
    }

    /**
     * Publishes to all connections of a user with options.
     *
     * @param userId id of the user, not empty
     * @param data an object, {@code byte[]} or a payload
     * @param options options of the publish
     * @return the place in the stream of the personal channel; fails as {@link #publishToUser(String, Object)} does
     */
    Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options);
}
