package dev.realtime.auth.token;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims of a token, with the names of Centrifugo's claims. The same for connections and subscriptions; some claims
 * have a meaning for one of them only.
 *
 * @param userId empty for anonymous
 * @param issuer empty if not said
 * @param expiresAt {@code exp}: Unix time from which on the token is worth nothing
 * @param notBefore {@code nbf}: Unix time before which it is worth nothing
 * @param expireAt {@code expire_at}: Unix time at which what it opened ends, in place of {@code expiresAt}; 0 for never
 * @param clientId of a subscription: the one connection it is for; empty for any of the user
 * @param channel of a subscription; empty in the token of a connection
 * @param grant of a subscription: what comes with it, without an end
 * @param info what others see
 * @param meta for the application, unseen by clients
 * @param channels of a connection: those the server subscribes it to
 * @param subscriptions of a connection: the same with what comes with each; counts in place of {@code channels}
 */
public record TokenClaims(
        String userId,
        String issuer,
        List<String> audience,
        @Nullable Long expiresAt,
        @Nullable Long notBefore,
        @Nullable Long expireAt,
        String clientId,
        String channel,
        SubscriptionGrant grant,
        @Nullable Payload info,
        @Nullable Payload meta,
        List<String> channels,
        Map<String, SubscriptionGrant> subscriptions) {

    /** Channels the server subscribes a connection to. */
    public Map<String, SubscriptionGrant> grants() {
        if (!subscriptions.isEmpty()) {
            return subscriptions;
        }
        Map<String, SubscriptionGrant> grants = new LinkedHashMap<>();
        channels.forEach(name -> grants.put(name, SubscriptionGrant.PLAIN));
        return grants;
    }

    /** Shows the user id only: claims are never logged. */
    @Override
    public String toString() {
        return "TokenClaims[user=" + userId + ", channel=" + channel + "]";
    }

    /** What a token says of one subscription. */
    static SubscriptionGrant grant(
            @Nullable Payload info,
            @Nullable Payload data,
            @Nullable SubscribeOverrides overrides,
            @Nullable TagsFilter filter) {
        return SubscriptionGrant.PLAIN
                .withInfo(info)
                .withData(data)
                .withOverrides(overrides == null ? SubscribeOverrides.NONE : overrides)
                .withFilter(filter);
    }
}
