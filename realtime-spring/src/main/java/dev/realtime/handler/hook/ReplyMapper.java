package dev.realtime.handler.hook;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.ConnectReply;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.RefreshReply;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.invocation.CallerIdentity;
import dev.realtime.handler.invocation.HandlerFailure;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.CacheHook;
import dev.realtime.spi.hook.ClientPublication;
import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Mapping of the results of handler methods to types of the core. */
final class ReplyMapper {

    private final PayloadWriter writer;

    private final CallerIdentity identity;

    ReplyMapper(PayloadWriter writer, CallerIdentity identity) {
        this.writer = writer;
        this.identity = identity;
    }

    Authentication authentication(Object result) {
        if (result instanceof Authentication authentication) {
            return authentication;
        }
        ConnectReply reply = result instanceof ConnectReply given ? given : ConnectReply.user((String) result);
        Map<String, SubscriptionGrant> subscriptions = new LinkedHashMap<>();
        reply.subscriptions().forEach((channel, one) -> subscriptions.put(channel, grant(one)));
        return Authentication.of(reply.userId())
                .withInfo(payloadOrNull(reply.info()))
                .withData(payloadOrNull(reply.data()))
                .expiringAt(reply.expireAt(), false)
                .withSubscriptions(subscriptions)
                .withMeta(payloadOrNull(reply.meta()))
                .withPrincipal(principal(reply));
    }

    private @Nullable Principal principal(ConnectReply reply) {
        return reply.authorities() == null
                ? reply.principal()
                : identity.principal(reply.userId(), reply.principal(), reply.authorities());
    }

    /** Returns the permission, or {@code null} for a denial. */
    @Nullable
    SubscriptionGrant grant(Object result) {
        if (result instanceof Boolean permitted) {
            return permitted ? SubscriptionGrant.PLAIN : null;
        } else if (result instanceof SubscriptionGrant grant) {
            return grant;
        }
        SubscribeReply reply = (SubscribeReply) result;
        return reply.isAllowed() ? grant(reply) : null;
    }

    private SubscriptionGrant grant(SubscribeReply reply) {
        SubscriptionGrant grant = SubscriptionGrant.PLAIN
                .withInfo(payloadOrNull(reply.info()))
                .withData(payloadOrNull(reply.data()))
                .expiringAt(reply.expireAt(), false)
                .withOverrides(reply.overrides())
                .withFilter(reply.filter());
        // Without prefetch, so that the socket of the client paces the publisher.
        return reply.feed() == null
                ? grant
                : grant.withFeed(Flux.from(reply.feed())
                        .<Payload>map(this::payload)
                        .onErrorMap(failure -> HandlerFailure.of(failure, false).refusal()));
    }

    /** Returns the publication, or {@code null} for a denial. */
    @Nullable
    ClientPublication publication(Object result, Payload sent) {
        if (result instanceof Boolean permitted) {
            return permitted ? ClientPublication.of(sent) : null;
        }
        PublishReply reply = (PublishReply) result;
        if (!reply.isAllowed()) {
            return null;
        }
        Payload data = reply.data() == null ? sent : payload(reply.data());
        return new ClientPublication(data, reply.options());
    }

    /** Returns the state of a channel, or {@code null} for none. */
    CacheHook.@Nullable State state(Object result) {
        if (!(result instanceof PublishReply reply)) {
            return new CacheHook.State(payload(result), PublishOptions.DEFAULTS);
        }
        Object data = reply.data();
        return !reply.isAllowed() || data == null ? null : new CacheHook.State(payload(data), reply.options());
    }

    Authentication renewed(Object result, String userId) {
        RefreshReply reply = refreshReply(result);
        return Authentication.of(userId).withInfo(payloadOrNull(reply.info())).expiringAt(reply.expireAt(), false);
    }

    SubscriptionGrant renewedGrant(Object result) {
        RefreshReply reply = refreshReply(result);
        return SubscriptionGrant.PLAIN.withInfo(payloadOrNull(reply.info())).expiringAt(reply.expireAt(), false);
    }

    private static RefreshReply refreshReply(Object result) {
        return result instanceof RefreshReply reply ? reply : RefreshReply.until((Instant) result);
    }

    /**
     * Returns a result as a payload: bytes as they are, any other value as JSON.
     *
     * @throws IllegalStateException if the value is produced later
     */
    Payload payload(Object value) {
        if (!(value instanceof Payload) && HandlerResult.isUnfinished(value.getClass())) {
            throw new IllegalStateException("A " + value.getClass().getName()
                    + " cannot be sent to a client, because its value would never be awaited. Return the value itself,"
                    + " or declare the method to return a Mono or a CompletionStage.");
        }
        return writer.payload(value);
    }

    private @Nullable Payload payloadOrNull(@Nullable Object value) {
        return value == null ? null : payload(value);
    }
}
