package dev.realtime.command;

import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.Expiry;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.RenewalHook;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the application renew what expired, and ends what it does not renew. Runs on the executor of the connection. */
final class Renewals {

    private static final Logger logger = LoggerFactory.getLogger(Renewals.class);

    private final ApplicationCalls calls;

    private final Clock clock;

    private final ErrorReplies errors;

    Renewals(ApplicationCalls calls, Clock clock, ErrorReplies errors) {
        this.calls = calls;
        this.clock = clock;
        this.errors = errors;
    }

    /** Renews the identity of a client, or closes it as expired. */
    void renew(ClientConnection connection) {
        RenewalHook hook = calls.callbacks().hooks().renewal();
        if (hook == null || connection.isClosed()) {
            return;
        }
        if (!connection.expiry().isOver(clock)) {
            // The application moved its end while this waited for its turn.
            connection.expireAt(connection.expiry());
            return;
        }
        var answer = calls.call(hook, () -> hook.renew(connection.profile().identity()));
        connection.commands().await(answer, (authentication, error) -> {
            if (connection.isClosed()) {
                return;
            }
            report(connection, "its authentication", error);
            if (authentication != null
                    && !authentication.userId().equals(connection.profile().userId())) {
                connection.close(Disconnect.EXPIRED, "its authentication was renewed for another user");
            } else if (authentication == null || isOver(authentication.expireAtSeconds())) {
                connection.close(Disconnect.EXPIRED, "its authentication expired and was not renewed");
            } else {
                if (authentication.info() != null) {
                    connection.replaceInfo(authentication.info());
                }
                connection.identifiedAs(authentication);
            }
        });
    }

    private boolean isOver(long expireAtSeconds) {
        return Expiry.at(expireAtSeconds).isOver(clock);
    }

    /** Renews the permission to be in a channel, or ends the subscription as expired. */
    void renew(ClientConnection connection, ChannelSubscription subscription) {
        RenewalHook hook = calls.callbacks().hooks().renewal();
        if (hook == null || subscription.ended() || !isOver(subscription.grant().expireAtSeconds())) {
            return;
        }
        var answer = calls.call(
                hook, () -> hook.renewSubscription(connection.profile().identity(), subscription.channel()));
        connection.commands().await(answer, (grant, error) -> {
            if (connection.isClosed() || subscription.ended()) {
                return;
            }
            report(
                    connection,
                    "its subscription to channel '" + subscription.channel().name() + "'",
                    error);
            if (grant == null || isOver(grant.expireAtSeconds())) {
                connection.subscriptionExpired(subscription);
            } else if (grant.filter() != null && !grant.filter().equals(subscription.requiredFilter())) {
                subscription.invalidate("a subscription was renewed with another filter");
            } else {
                subscription.renew(SubscriptionGrant.PLAIN
                        .withInfo(grant.info())
                        .expiringAt(grant.expireAt(), false)
                        .withOverrides(subscription.grant().overrides()));
            }
        });
    }

    private void report(ClientConnection connection, String what, @Nullable Throwable error) {
        if (error != null) {
            errors.report(
                    logger,
                    connection,
                    error,
                    "Client {} of user '{}' loses {}, because the renewal callback failed: {}",
                    connection.profile().clientId(),
                    connection.profile().userId(),
                    what,
                    error.toString());
        }
    }
}
