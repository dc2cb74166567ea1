package dev.realtime.api.token;

import dev.realtime.api.data.Payload;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.auth.token.TokenSigner;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Mints the tokens that this server verifies: one for a connection, one for each subscription that needs one.
 *
 * <pre>{@code
 * String token = issuer.connectionToken("alice");
 * String token = issuer.connection("alice").info(Map.of("name", "Alice")).channel("news:all").mint();
 * String token = issuer.subscriptionToken("alice", "$chat:board");
 * }</pre>
 *
 * <p>Tokens end after {@link #DEFAULT_LIFE} if the builder is given no other end. Hand a token only to a client that
 * was authenticated as its user, over TLS. Safe for any number of threads; minting does not block.
 */
public final class RealtimeTokenIssuer {

    /**
     * Life of a token: long enough that clients seldom ask for another, short enough that a stolen one is soon useless.
     */
    public static final Duration DEFAULT_LIFE = Duration.ofMinutes(10);

    private final @Nullable Minting connections;

    private final @Nullable Minting subscriptions;

    /**
     * Settings for issuing one kind of token.
     *
     * @param rules which the tokens must keep: issuer, audience and the claim of the user id are written as they say
     */
    public record Minting(TokenSigner signer, TokenRules rules) {}

    private final Function<Object, Payload> payloads;

    private final Clock clock;

    /**
     * An issuer of both kinds, or of one.
     *
     * @param connections {@code null} if there is no key to sign them with: asking for one fails
     * @param subscriptions the same for subscriptions
     * @param payloads turns what the application says for info, data and meta into JSON or bytes
     * @param clock source of the current time
     */
    public RealtimeTokenIssuer(
            @Nullable Minting connections,
            @Nullable Minting subscriptions,
            Function<Object, Payload> payloads,
            Clock clock) {
        this.connections = connections;
        this.subscriptions = subscriptions;
        this.payloads = payloads;
        this.clock = clock;
    }

    /**
     * A token with which a user connects.
     *
     * @param userId id of the user; empty for anonymous clients
     * @return the token
     */
    public String connectionToken(String userId) {
        return connection(userId).mint();
    }

    /**
     * A token with which a user subscribes to a channel.
     *
     * @param userId id of the user; empty for anonymous clients
     * @param channel name of the channel
     * @return the token
     */
    public String subscriptionToken(String userId, String channel) {
        return subscription(userId, channel).mint();
    }

    /**
     * Begins a token with which a user connects.
     *
     * @param userId empty for an anonymous client
     * @return a builder of the token
     * @throws IllegalStateException if there is no key to sign it with
     */
    public ConnectionTokenBuilder connection(String userId) {
        return new ConnectionTokenBuilder(claims(connections, userId), payloads);
    }

    /**
     * Begins a token with which a user subscribes to a channel.
     *
     * @param userId empty for an anonymous client
     * @param channel name of the channel
     * @return a builder of the token
     * @throws IllegalArgumentException if the channel is empty
     * @throws IllegalStateException if there is no key to sign it with
     */
    public SubscriptionTokenBuilder subscription(String userId, String channel) {
        if (channel.isEmpty()) {
            throw new IllegalArgumentException(
                    "A subscription token is for one channel, whose name must not be empty.");
        }
        return new SubscriptionTokenBuilder(claims(subscriptions, userId), channel, payloads);
    }

    private TokenBuilder claims(@Nullable Minting minting, String userId) {
        if (minting == null) {
            throw new IllegalStateException("There is no key to sign this kind of token. Set `hmac-secret-key` under"
                    + " `realtime.client.token` and, where they have their own keys, under"
                    + " `realtime.client.subscription-token`, or define a `TokenSigner` bean.");
        }
        return new TokenBuilder(minting, userId, clock);
    }

    /** What applications say about a user or a subscription, in the form in which it is written. */
    static @Nullable Payload payload(Function<Object, Payload> payloads, @Nullable Object value) {
        if (value == null || value instanceof Payload) {
            return (Payload) value;
        }
        return value instanceof byte[] bytes ? Payload.of(bytes) : payloads.apply(value);
    }
}
