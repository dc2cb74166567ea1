package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.Expiry;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.time.Clock;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Handles {@link Request.Refresh}: a new token moves the end of the connection. */
final class RefreshCommandHandler {

    private final ApplicationCalls calls;

    private final Clock clock;

    private final ErrorReplies errors;

    RefreshCommandHandler(ApplicationCalls calls, Clock clock, ErrorReplies errors) {
        this.calls = calls;
        this.clock = clock;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.Refresh request) {
        TokenAuthenticator refresher = calls.callbacks().tokenAuthenticator();
        if (request.token().isEmpty() || connection.profile().renewedByServer()) {
            connection.close(Disconnect.BAD_REQUEST, "a refresh without a token, or where none is expected");
            return;
        }
        if (refresher == null) {
            connection.close(Disconnect.INVALID_TOKEN, "a refresh where nothing is configured to verify tokens");
            return;
        }
        var refreshed = calls.call(
                        refresher, () -> refresher.refresh(connection.profile().identity(), request.token()))
                .switchIfEmpty(Mono.error(
                        () -> ClientRefusedException.with(Disconnect.INVALID_TOKEN, "the token was not accepted")));
        connection.commands().await(refreshed, (authentication, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (authentication != null) {
                renew(connection, id, authentication);
            } else if (error instanceof ClientRefusedException refused
                    && ClientError.TOKEN_EXPIRED.equals(refused.error())) {
                connection.close(Disconnect.EXPIRED, "the new token is expired");
            } else if (error != null) {
                errors.reply(connection, id, "refresh", error);
            }
        });
    }

    private void renew(ClientConnection connection, long id, Authentication authentication) {
        if (!authentication.userId().equals(connection.profile().userId())) {
            connection.close(Disconnect.INVALID_TOKEN, "the new token is for another user");
            return;
        }
        if (!sameChannels(connection, authentication)) {
            connection.close(Disconnect.INSUFFICIENT_STATE, "the new token names other channels");
            return;
        }
        Expiry expiry = Expiry.at(authentication.expireAtSeconds());
        if (expiry.isOver(clock)) {
            connection.close(Disconnect.EXPIRED, "the new token is expired");
            return;
        }
        Payload info = authentication.info();
        if (info != null) {
            connection.replaceInfo(info);
        }
        connection.identifiedAs(authentication);
        connection.reply(id, new Result.Refresh(expiry.isSet(), expiry.ttlSeconds(clock)));
    }

    /**
     * Returns whether every channel of the token is subscribed, with the filter that it has there, and every
     * subscription that came from a token is in it. The empty name is ignored, as when connecting.
     */
    private static boolean sameChannels(ClientConnection connection, Authentication authentication) {
        Set<String> granted = new HashSet<>(authentication.subscriptions().keySet());
        granted.remove("");
        return connection.subscriptions().channels().containsAll(granted)
                && granted.containsAll(connection.subscriptions().grantedChannels())
                && granted.stream().allMatch(name -> sameFilter(connection, authentication, name));
    }

    private static boolean sameFilter(ClientConnection connection, Authentication authentication, String channel) {
        ChannelSubscription subscription = connection.subscriptions().in(channel);
        SubscriptionGrant grant = authentication.subscriptions().get(channel);
        return subscription != null && grant != null && Objects.equals(subscription.requiredFilter(), grant.filter());
    }
}
