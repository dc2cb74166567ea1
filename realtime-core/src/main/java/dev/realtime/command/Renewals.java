package dev.realtime.command;

import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.RenewalHook;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the application renew what expired, and ends what it does not renew. Runs on the executor of the connection. */
final class Renewals {

    private static final Logger logger = LoggerFactory.getLogger(Renewals.class);

    private Renewals() {}

    /** Renews the identity of a client, or closes it as expired. */
    static void renew(ClientConnection connection) {
        RenewalHook hook = connection.context().hooks().renewal();
        if (hook == null || connection.isClosed()) {
            return;
        }
        if (!isOver(connection, connection.expireAtSeconds())) {
            // The application moved its end while this waited for its turn.
            connection.expireAt(connection.expireAtSeconds());
            return;
        }
        var answer = connection.context().ask(hook, () -> hook.renew(connection.identity()));
        connection.commands().await(answer, (authentication, error) -> {
            if (connection.isClosed()) {
                return;
            }
            report(connection, "its authentication", error);
            if (authentication != null && !authentication.userId().equals(connection.userId())) {
                connection.close(Disconnect.EXPIRED, "its authentication was renewed for another user");
            } else if (authentication == null || isOver(connection, authentication)) {
                connection.close(Disconnect.EXPIRED, "its authentication expired and was not renewed");
            } else {
                if (authentication.info() != null) {
                    connection.replaceInfo(authentication.info());
                }
                connection.identifiedAs(authentication);
            }
        });
    }

    private static boolean isOver(ClientConnection connection, Authentication authentication) {
        return isOver(connection, authentication.expireAtSeconds());
    }

    private static boolean isOver(ClientConnection connection, long expireAtSeconds) {
        return expireAtSeconds > 0 && expireAtSeconds <= connection.context().nowSeconds();
    }

    /** Renews the permission to be in a channel, or ends the subscription as expired. */
    static void renew(ClientConnection connection, ChannelSubscription subscription) {
        RenewalHook hook = connection.context().hooks().renewal();
        if (hook == null
                || subscription.ended()
                || !isOver(connection, subscription.grant().expireAtSeconds())) {
            return;
        }
        var answer = connection
                .context()
                .ask(hook, () -> hook.renewSubscription(connection.identity(), subscription.channel()));
        connection.commands().await(answer, (grant, error) -> {
            if (connection.isClosed() || subscription.ended()) {
                return;
            }
            report(
                    connection,
                    "its subscription to channel '" + subscription.channel().name() + "'",
                    error);
            if (grant == null || isOver(connection, grant.expireAtSeconds())) {
                connection.subscriptionExpired(subscription);
            } else {
                subscription.renew(SubscriptionGrant.PLAIN
                        .withInfo(grant.info())
                        .expiringAt(grant.expireAt(), false)
                        .withOverrides(subscription.grant().overrides()));
            }
        });
    }

    private static void report(ClientConnection connection, String what, @Nullable Throwable error) {
        if (error instanceof Error) {
            Boundary.caught(Place.QUESTION, connection, error);
        } else if (error != null) {
            connection
                    .context()
                    .log()
                    .warn(
                            logger,
                            "Client {} of user '{}' loses {}, because the renewal callback of the application"
                                    + " failed: {}",
                            connection.clientId(),
                            connection.userId(),
                            what,
                            error.toString());
        }
    }
}
