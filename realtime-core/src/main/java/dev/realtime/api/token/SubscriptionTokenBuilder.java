package dev.realtime.api.token;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.json.JsonFilters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A token with which a user subscribes to a channel, being described. One use, by one thread. */
public final class SubscriptionTokenBuilder {

    private final TokenBuilder token;

    private final String channel;

    private final Function<Object, Payload> payloads;

    private String clientId = "";

    private @Nullable Payload info;

    private @Nullable Payload data;

    private SubscribeOverrides overrides = SubscribeOverrides.NONE;

    private @Nullable TagsFilter filter;

    SubscriptionTokenBuilder(TokenBuilder token, String channel, Function<Object, Payload> payloads) {
        this.token = token;
        this.channel = channel;
        this.payloads = payloads;
    }

    /**
     * Ends the token after this time, a second or more, in place of {@link RealtimeTokenIssuer#DEFAULT_LIFE}.
     *
     * @param life validity from now on
     * @return this builder
     */
    public SubscriptionTokenBuilder expiresIn(Duration life) {
        token.life(life);
        return this;
    }

    /**
     * Ends the subscription at another time than the token.
     *
     * @param unixSeconds 0 for never
     * @return this builder
     */
    public SubscriptionTokenBuilder subscriptionExpiresAt(long unixSeconds) {
        token.expireAt(unixSeconds);
        return this;
    }

    /**
     * The one connection it is for; any of the user unless said.
     *
     * @param clientId id of the connection
     * @return this builder
     */
    public SubscriptionTokenBuilder client(String clientId) {
        this.clientId = clientId;
        return this;
    }

    /**
     * What others in the channel see of the client beside its connection info: an object or raw bytes.
     *
     * @param info object that becomes JSON, or bytes
     * @return this builder
     */
    public SubscriptionTokenBuilder info(Object info) {
        this.info = RealtimeTokenIssuer.payload(payloads, info);
        return this;
    }

    /**
     * Data for the client in the subscribe result: an object or raw bytes.
     *
     * @param data object that becomes JSON, or bytes
     * @return this builder
     */
    public SubscriptionTokenBuilder data(Object data) {
        this.data = RealtimeTokenIssuer.payload(payloads, data);
        return this;
    }

    /**
     * Options of the namespace replaced for this subscription.
     *
     * @param overrides options that replace those of the namespace
     * @return this builder
     */
    public SubscriptionTokenBuilder override(SubscribeOverrides overrides) {
        this.overrides = overrides;
        return this;
    }

    /**
     * Part of the publications that the subscriber gets: access control by their tags, at most 16 levels deep, with at
     * most 128 nodes and 1,000 values.
     *
     * @param filter what publications must match
     * @return this builder
     */
    public SubscriptionTokenBuilder filter(TagsFilter filter) {
        this.filter = filter;
        return this;
    }

    /**
     * Returns the token. Its holder can subscribe when connected as the user: do not log it.
     *
     * @return the token
     */
    public String mint() {
        WireWriter out = token.begin();
        TokenBuilder.text(out, "channel", channel);
        TokenBuilder.text(out, "client", clientId);
        TokenBuilder.payload(out, "info", info);
        TokenBuilder.payload(out, "data", data);
        if (!overrides.equals(SubscribeOverrides.NONE)) {
            JsonOutput.openObject(out, JsonField.of("override"));
            override(out, "presence", overrides.presence());
            override(out, "join_leave", overrides.joinLeave());
            override(out, "force_push_join_leave", overrides.forcePushJoinLeave());
            override(out, "force_recovery", overrides.forceRecovery());
            override(out, "force_positioning", overrides.forcePositioning());
            JsonOutput.close(out);
        }
        if (filter != null) {
            JsonFilters.write(out, JsonField.of("server_tags_filter"), filter);
        }
        return token.sign(out);
    }

    private static void override(WireWriter out, String name, @Nullable Boolean value) {
        if (value != null) {
            JsonOutput.openObject(out, JsonField.of(name));
            JsonOutput.name(out, JsonField.of("value"));
            out.write(value.toString().getBytes(StandardCharsets.US_ASCII));
            JsonOutput.close(out);
        }
    }
}
