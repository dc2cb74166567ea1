package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.Expiry;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.time.Clock;
import java.util.Objects;

/** Handles {@link Request.SubRefresh}: a new token moves the end of a subscription. */
final class SubRefreshCommandHandler {

    private final ApplicationCalls calls;

    private final Clock clock;

    private final ErrorReplies errors;

    SubRefreshCommandHandler(ApplicationCalls calls, Clock clock, ErrorReplies errors) {
        this.calls = calls;
        this.clock = clock;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.SubRefresh request) {
        if (request.channel().isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "a sub_refresh named no channel");
            return;
        }
        ChannelSubscription subscription = connection.subscriptions().in(request.channel());
        TokenAuthenticator refresher = calls.callbacks().tokenAuthenticator();
        if (subscription == null) {
            connection.fail(id, ClientError.PERMISSION_DENIED);
        } else if (isRenewedByServer(subscription)) {
            connection.close(Disconnect.BAD_REQUEST, "a sub_refresh where none is expected");
        } else if (request.token().isEmpty()) {
            connection.fail(id, ClientError.BAD_REQUEST);
        } else if (refresher == null) {
            connection.close(Disconnect.INVALID_TOKEN, "a sub_refresh where nothing is configured to verify tokens");
        } else {
            verify(connection, id, subscription, refresher, request.token());
        }
    }

    /**
     * Returns whether a token of the client has no say: the server subscribed it, or renews it when it ends. Into what
     * a client subscribed to without a token, and without an end, it may bring one later, as at the reference server.
     */
    private static boolean isRenewedByServer(ChannelSubscription subscription) {
        SubscriptionGrant grant = subscription.grant();
        return subscription.serverSide()
                || (!grant.clientRefresh()
                        && (Expiry.at(grant.expireAtSeconds()).isSet() || grant.feed() != null));
    }

    private void verify(
            ClientConnection connection,
            long id,
            ChannelSubscription subscription,
            TokenAuthenticator refresher,
            String token) {
        var verified = calls.call(
                refresher,
                () -> refresher.subscription(
                        connection.profile().identity(), subscription.channel().name(), token));
        connection.commands().await(verified, (grant, error) -> {
            if (grant != null) {
                renew(connection, id, subscription, grant);
            } else if (error == null
                    || (error instanceof ClientRefusedException refused
                            && ClientError.PERMISSION_DENIED.equals(refused.error()))) {
                connection.close(Disconnect.INVALID_TOKEN, "the subscription token was not accepted");
            } else if (error instanceof ClientRefusedException refused
                    && ClientError.TOKEN_EXPIRED.equals(refused.error())) {
                expired(connection);
            } else {
                errors.reply(connection, id, "sub_refresh", error);
            }
        });
    }

    /**
     * Closes the connection, since an error would be final for SDKs; after this close they subscribe again with a new
     * token.
     */
    private static void expired(ClientConnection connection) {
        connection.close(Disconnect.SUBSCRIPTION_EXPIRED, "the new subscription token is expired");
    }

    private void renew(
            ClientConnection connection, long id, ChannelSubscription subscription, SubscriptionGrant grant) {
        Expiry expiry = Expiry.at(grant.expireAtSeconds());
        if (expiry.isOver(clock)) {
            expired(connection);
            return;
        }
        if (!subscription.ended()) {
            subscription.renew(grant);
        }
        connection.reply(id, new Result.SubRefresh(expiry.isSet(), expiry.ttlSeconds(clock)));
        if (!subscription.ended() && !Objects.equals(grant.filter(), subscription.requiredFilter())) {
            // The client subscribes again with the new token, and gets what that one permits.
            connection.subscriptions().unsubscribe(subscription, Unsubscribe.STATE_INVALIDATED);
        }
    }
}
