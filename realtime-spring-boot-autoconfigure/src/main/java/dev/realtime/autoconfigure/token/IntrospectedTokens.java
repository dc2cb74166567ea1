package dev.realtime.autoconfigure.token;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;

/**
 * Opaque connection tokens (RFC 7662), verified by the application's {@code ReactiveOpaqueTokenIntrospector}. The
 * client is the principal that a resource server of the application would see, until {@code exp} of the token, whatever
 * user the application's converter makes of it.
 *
 * <p>An authorization server reports that a token is not active, but not whether it has expired, was revoked or
 * never existed. That is error 109, as for an expired token: SDKs fetch another one, which is right for the commonest
 * reason, and harmless for the others. A text that cannot be a bearer token is disconnect 3500. An authorization server
 * that fails is an internal error, after which SDKs try again. Opaque tokens open no channels: as subscription tokens
 * they are error 103.
 */
final class IntrospectedTokens implements TokenAuthenticator {

    /** Form of a bearer token (RFC 6750, section 2.1). */
    private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9\\-._~+/]++=*+");

    private final ReactiveOpaqueTokenIntrospector introspector;

    private final @Nullable ReactiveOpaqueTokenAuthenticationConverter converter;

    private final Settings settings;

    private final Clock clock;

    /**
     * Settings of the acceptance of tokens.
     *
     * @param rules of which the user id claim, the demand for an end, the length and the leeway count
     * @param namedByClaim whether the user id is the attribute that the rules name, and not the name of the principal
     * @param anonymous whether a token without a user id is accepted; refused with 3507 if not
     * @param expiring whether connections end with their tokens
     */
    record Settings(TokenRules rules, boolean namedByClaim, boolean anonymous, boolean expiring) {}

    /** @param converter determines the user; {@code null} for that of Spring Security */
    IntrospectedTokens(
            ReactiveOpaqueTokenIntrospector introspector,
            @Nullable ReactiveOpaqueTokenAuthenticationConverter converter,
            Settings settings,
            Clock clock) {
        this.introspector = introspector;
        this.converter = converter;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Mono<Authentication> connect(ConnectContext context) {
        return authentication(context.token()).flatMap(authentication -> {
            if (authentication.userId().isEmpty() && !settings.anonymous()) {
                return Mono.error(
                        ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "the token has no user id"));
            }
            return Mono.just(authentication);
        });
    }

    @Override
    public Mono<Authentication> refresh(ClientIdentity client, String token) {
        return authentication(token);
    }

    @Override
    public Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token) {
        return Mono.error(ClientRefusedException.with(
                ClientError.PERMISSION_DENIED, "tokens are verified by introspection, which opens no channels"));
    }

    private Mono<Authentication> authentication(String token) {
        return Mono.defer(() -> {
            if (token.length() > settings.rules().maxLength()) {
                throw invalid("is longer than " + settings.rules().maxLength() + " characters");
            }
            if (!BEARER_TOKEN.matcher(token).matches()) {
                throw invalid("is not a bearer token");
            }
            AtomicReference<Map<String, Object>> attributes = new AtomicReference<>(Map.of());
            return introspection(attributes)
                    .authenticate(new BearerTokenAuthenticationToken(token))
                    .onErrorMap(InvalidBearerTokenException.class, notActive -> expired("is not active"))
                    .switchIfEmpty(Mono.error(() -> invalid("was not accepted by the application's introspector")))
                    .map(user -> authentication(user, attributes.get()));
        });
    }

    /**
     * Returns a manager for one token.
     *
     * @param attributes set to those of the token, which the user that a converter returns need not have
     */
    private ReactiveAuthenticationManager introspection(AtomicReference<Map<String, Object>> attributes) {
        OpaqueTokenReactiveAuthenticationManager manager = new OpaqueTokenReactiveAuthenticationManager(
                token -> introspector.introspect(token).doOnNext(found -> attributes.set(found.getAttributes())));
        if (converter != null) {
            manager.setAuthenticationConverter(converter);
        }
        return manager;
    }

    private Authentication authentication(
            org.springframework.security.core.Authentication user, Map<String, Object> attributes) {
        Long expiresAt = seconds(attributes, "exp");
        Long notBefore = seconds(attributes, "nbf");
        long nowMillis = clock.millis();
        long leewayMillis = settings.rules().leeway().toMillis();
        if (expiresAt == null && settings.rules().requireExpiration()) {
            throw invalid("has no `exp`");
        }
        if (expiresAt != null && expiresAt * 1000 <= nowMillis - leewayMillis) {
            throw expired("is expired");
        }
        if (notBefore != null && notBefore * 1000 > nowMillis + leewayMillis) {
            throw expired("is not valid yet");
        }
        long end = expiresAt == null || !settings.expiring() ? 0 : expiresAt + (leewayMillis + 999) / 1000;
        return Authentication.of(userId(user, attributes)).withPrincipal(user).expiringAt(UnixTime.moment(end), true);
    }

    private String userId(org.springframework.security.core.Authentication user, Map<String, Object> attributes) {
        Object id = settings.namedByClaim() ? attributes.get(settings.rules().userIdClaim()) : user.getName();
        if (id == null || id instanceof String || id instanceof Integer || id instanceof Long) {
            return id == null ? "" : id.toString();
        }
        throw invalid("has a user id that is neither text nor a whole number");
    }

    /** Returns a time, which introspectors give as an instant. */
    private static @Nullable Long seconds(Map<String, Object> attributes, String name) {
        Object value = attributes.get(name);
        if (value == null || value instanceof Instant) {
            return value == null ? null : ((Instant) value).getEpochSecond();
        }
        throw invalid("has `" + name + "` that is not a time");
    }

    private static ClientRefusedException invalid(String reason) {
        return ClientRefusedException.with(Disconnect.INVALID_TOKEN, "the connection token " + reason);
    }

    private static ClientRefusedException expired(String reason) {
        return ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "the connection token " + reason);
    }
}
