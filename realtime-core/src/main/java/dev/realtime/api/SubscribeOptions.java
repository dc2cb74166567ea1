package dev.realtime.api;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Options of a subscription made by the server. Immutable; begin with {@link #DEFAULTS}.
 *
 * @see <a href="https://centrifugal.dev/docs/server/server_api#subscribe">Options of subscribe in the protocol</a>
 */
public final class SubscribeOptions {

    /** All connections of the user, from the top of the stream, without an end. */
    public static final SubscribeOptions DEFAULTS = new SubscribeOptions(
            new Values(ConnectionFilter.ALL, null, null, null, null, SubscribeOverrides.NONE, null));

    private final Values values;

    private SubscribeOptions(Values values) {
        this.values = values;
    }

    private record Values(
            ConnectionFilter connections,
            @Nullable Object info,
            @Nullable Object data,
            @Nullable StreamPosition recoverSince,
            @Nullable Instant expireAt,
            SubscribeOverrides overrides,
            @Nullable TagsFilter filter) {}

    /**
     * Returns the options for some connections of the user.
     *
     * @param connections which connections
     * @return other options
     */
    public SubscribeOptions withConnections(ConnectionFilter connections) {
        return new SubscribeOptions(new Values(
                connections,
                values.info,
                values.data,
                values.recoverSince,
                values.expireAt,
                values.overrides,
                values.filter));
    }

    /**
     * Returns the options with what others in the channel see of the client, beside its connection info.
     *
     * @param info an object or raw bytes; {@code null} for nothing
     * @return other options
     */
    public SubscribeOptions withInfo(@Nullable Object info) {
        return new SubscribeOptions(new Values(
                values.connections,
                info,
                values.data,
                values.recoverSince,
                values.expireAt,
                values.overrides,
                values.filter));
    }

    /**
     * Returns the options with data for the client, which comes with the subscribe push.
     *
     * @param data an object or raw bytes; {@code null} for nothing
     * @return other options
     */
    public SubscribeOptions withData(@Nullable Object data) {
        return new SubscribeOptions(new Values(
                values.connections,
                values.info,
                data,
                values.recoverSince,
                values.expireAt,
                values.overrides,
                values.filter));
    }

    /**
     * Returns the options with a position from which the client continues.
     *
     * @param recoverSince last position that the client has; {@code null} for the top of the stream
     * @return other options
     */
    public SubscribeOptions withRecoverSince(@Nullable StreamPosition recoverSince) {
        return new SubscribeOptions(new Values(
                values.connections,
                values.info,
                values.data,
                recoverSince,
                values.expireAt,
                values.overrides,
                values.filter));
    }

    /**
     * Returns the options with an end of the subscription.
     *
     * @param expireAt when it ends, in whole seconds; {@code null} for never. The past is refused with error 110
     * @return other options
     */
    public SubscribeOptions withExpireAt(@Nullable Instant expireAt) {
        return new SubscribeOptions(new Values(
                values.connections,
                values.info,
                values.data,
                values.recoverSince,
                expireAt,
                values.overrides,
                values.filter));
    }

    /**
     * Returns the options with some options of the namespace replaced for this subscription.
     *
     * @param overrides what is replaced
     * @return other options
     */
    public SubscribeOptions withOverrides(SubscribeOverrides overrides) {
        return new SubscribeOptions(new Values(
                values.connections,
                values.info,
                values.data,
                values.recoverSince,
                values.expireAt,
                overrides,
                values.filter));
    }

    /**
     * Returns the options for a part of the publications: access control by their tags. It holds for what is published
     * live, for recovery, the cache, and history that the client reads. A connection that is subscribed already keeps
     * what it has: unsubscribe it first.
     *
     * @param filter what publications must match; {@code null} for all
     * @return other options
     */
    public SubscribeOptions withFilter(@Nullable TagsFilter filter) {
        return new SubscribeOptions(new Values(
                values.connections,
                values.info,
                values.data,
                values.recoverSince,
                values.expireAt,
                values.overrides,
                filter));
    }

    /**
     * Returns which connections of the user are subscribed.
     *
     * @return a filter
     */
    public ConnectionFilter connections() {
        return values.connections;
    }

    /**
     * Returns what others in the channel see of the client.
     *
     * @return an object or raw bytes; {@code null} for nothing
     */
    public @Nullable Object info() {
        return values.info;
    }

    /**
     * Returns the data for the client.
     *
     * @return an object or raw bytes; {@code null} for nothing
     */
    public @Nullable Object data() {
        return values.data;
    }

    /**
     * Returns the position from which the client continues.
     *
     * @return a position; {@code null} for the top of the stream
     */
    public @Nullable StreamPosition recoverSince() {
        return values.recoverSince;
    }

    /**
     * Returns when the subscription ends.
     *
     * @return a moment; {@code null} for never
     */
    public @Nullable Instant expireAt() {
        return values.expireAt;
    }

    /**
     * Returns the options of the namespace replaced for this subscription.
     *
     * @return what is replaced
     */
    public SubscribeOverrides overrides() {
        return values.overrides;
    }

    /**
     * Returns what publications must match.
     *
     * @return a filter; {@code null} for all publications
     */
    public @Nullable TagsFilter filter() {
        return values.filter;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubscribeOptions options && values.equals(options.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "SubscribeOptions" + values.toString().substring("Values".length());
    }
}
