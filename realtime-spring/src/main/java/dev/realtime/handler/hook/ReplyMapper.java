package dev.realtime.handler.hook;

import dev.realtime.api.data.Payload;
import dev.realtime.handler.ConnectReply;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.RefreshReply;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.invocation.CallerIdentity;
import dev.realtime.handler.invocation.HandlerFailure;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.ClientPublication;
import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Mapping of the results of handler methods to types of the core. */
final class ReplyMapper {

    private final HandlerPayloads payloads;

    private final CallerIdentity identity;

    ReplyMapper(HandlerPayloads payloads, CallerIdentity identity) {
        this.payloads = payloads;
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
                .withInfo(payloads.orNull(reply.info()))
                .withData(payloads.orNull(reply.data()))
                .expiringAt(reply.expireAt(), false)
                .withSubscriptions(subscriptions)
                .withMeta(payloads.orNull(reply.meta()))
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
        SubscriptionGrant grant = new SubscriptionGrant(
                payloads.orNull(reply.info()),
                payloads.orNull(reply.data()),
                seconds(reply.expireAt()),
                false,
                reply.overrides());
        // Without prefetch, so that the socket of the client paces the publisher.
        return reply.feed() == null
                ? grant
                : grant.withFeed(Flux.from(reply.feed())
                        .<Payload>map(payloads::of)
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
        Payload data = reply.data() == null ? sent : payloads.of(reply.data());
        return new ClientPublication(data, reply.options());
    }

    Authentication renewed(Object result, String userId) {
        RefreshReply reply = refreshReply(result);
        return Authentication.of(userId).withInfo(payloads.orNull(reply.info())).expiringAt(reply.expireAt(), false);
    }

    SubscriptionGrant renewedGrant(Object result) {
        RefreshReply reply = refreshReply(result);
        return SubscriptionGrant.PLAIN.withInfo(payloads.orNull(reply.info())).expiringAt(reply.expireAt(), false);
    }

    private static RefreshReply refreshReply(Object result) {
        return result instanceof RefreshReply reply ? reply : RefreshReply.until((Instant) result);
    }

    Payload data(Object result) {
        return payloads.of(result);
    }

    private static long seconds(@Nullable Instant instant) {
        return instant == null ? 0 : Math.max(1, instant.getEpochSecond());
    }
}
