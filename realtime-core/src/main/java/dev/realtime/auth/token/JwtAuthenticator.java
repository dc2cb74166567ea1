package dev.realtime.auth.token;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.security.Principal;
import java.time.Clock;
import reactor.core.publisher.Mono;

/**
 * Tokens with Centrifugo's claims and replies: an invalid connection token ends the connection with 3500, a bad
 * subscription token is error 103 and one of another channel, user or connection 3500, an expired one is error 109.
 * While the keys cannot be fetched the reply is the temporary error 100, where Centrifugo replies as for an invalid
 * token.
 */
public final class JwtAuthenticator implements TokenAuthenticator {

    private final TokenVerifier connections;

    private final TokenVerifier subscriptions;

    private final Settings settings;

    /**
     * Rules for accepting tokens.
     *
     * @param anonymous whether a connection token without a user id is taken; refused with 3507 if not
     * @param expiring whether connections end with their tokens
     */
    public record Settings(boolean anonymous, boolean expiring) {

        /** Anonymous tokens are taken, and what tokens open ends with them. */
        public static final Settings DEFAULTS = new Settings(true, true);
    }

    /** Verifies both kinds of tokens alike. */
    public JwtAuthenticator(SignatureVerifier signatures, TokenRules rules, Settings settings, Clock clock) {
        this(signatures, rules, signatures, rules, settings, clock);
    }

    /** Verifies subscription tokens by keys and rules of their own. */
    public JwtAuthenticator(
            SignatureVerifier connectionSignatures,
            TokenRules connectionRules,
            SignatureVerifier subscriptionSignatures,
            TokenRules subscriptionRules,
            Settings settings,
            Clock clock) {
        this.connections = new TokenVerifier(connectionSignatures, connectionRules, clock);
        this.subscriptions = new TokenVerifier(subscriptionSignatures, subscriptionRules, clock);
        this.settings = settings;
    }

    @Override
    public Mono<Authentication> connect(ConnectContext context) {
        return connection(context.token()).flatMap(authentication -> {
            if (authentication.userId().isEmpty() && !settings.anonymous()) {
                return Mono.error(
                        ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "the token has no user id"));
            }
            return Mono.just(authentication);
        });
    }

    @Override
    public Mono<Authentication> refresh(ClientIdentity client, String token) {
        return connection(token);
    }

    private Mono<Authentication> connection(String token) {
        return connections
                .connection(token)
                .map(this::authentication)
                .onErrorMap(
                        InvalidTokenException.class,
                        e -> ClientRefusedException.with(
                                Disconnect.INVALID_TOKEN, "the connection token " + e.reason()))
                .onErrorMap(
                        ExpiredTokenException.class,
                        e -> ClientRefusedException.with(
                                ClientError.TOKEN_EXPIRED, "the connection token " + e.getMessage()))
                .onErrorMap(KeysUnavailableException.class, JwtAuthenticator::tryAgain);
    }

    private Authentication authentication(TokenVerifier.Verified verified) {
        TokenClaims claims = verified.claims();
        Authentication authentication = Authentication.of(claims.userId())
                .withSubscriptions(claims.grants())
                .withMeta(claims.meta())
                .withPrincipal(principal(verified))
                .expiringAt(settings.expiring() ? UnixTime.moment(verified.endSeconds()) : null, true);
        return claims.info() == null ? authentication : authentication.withInfo(claims.info());
    }

    /** The principal of the HTTP request may differ from the user of the token. */
    private static Principal principal(TokenVerifier.Verified verified) {
        Principal principal = verified.principal();
        return principal != null
                ? principal
                : new TokenPrincipal(verified.claims().userId());
    }

    @Override
    public Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token) {
        return subscriptions
                .subscription(token)
                .map(verified -> grant(client, channel, verified))
                .onErrorMap(
                        InvalidTokenException.class,
                        e -> ClientRefusedException.with(
                                ClientError.PERMISSION_DENIED, "the subscription token " + e.reason()))
                .onErrorMap(
                        ExpiredTokenException.class,
                        e -> ClientRefusedException.with(
                                ClientError.TOKEN_EXPIRED, "the subscription token " + e.getMessage()))
                .onErrorMap(KeysUnavailableException.class, JwtAuthenticator::tryAgain);
    }

    /** Nothing is known against the token. */
    private static ClientRefusedException tryAgain(KeysUnavailableException e) {
        return ClientRefusedException.with(ClientError.INTERNAL, String.valueOf(e.getMessage()));
    }

    private static SubscriptionGrant grant(ClientIdentity client, String channel, TokenVerifier.Verified verified) {
        TokenClaims claims = verified.claims();
        if (!claims.channel().equals(channel)) {
            throw ClientRefusedException.with(
                    Disconnect.INVALID_TOKEN, "the subscription token is for another channel");
        }
        if (!claims.userId().equals(client.userId())) {
            throw ClientRefusedException.with(Disconnect.INVALID_TOKEN, "the subscription token is for another user");
        }
        if (!claims.clientId().isEmpty() && !claims.clientId().equals(client.clientId())) {
            throw ClientRefusedException.with(
                    Disconnect.INVALID_TOKEN, "the subscription token is for another connection");
        }
        return claims.grant().expiringAt(UnixTime.moment(verified.endSeconds()), true);
    }
}
