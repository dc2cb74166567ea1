package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.Ttl;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.util.HashSet;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Handles {@link Request.Refresh}: a new token moves the end of the connection. */
final class RefreshCommandHandler {

    private final ConnectionContext context;

    RefreshCommandHandler(ConnectionContext context) {
        this.context = context;
    }

    void handle(ClientConnection connection, long id, Request.Refresh request) {
        TokenAuthenticator refresher = context.tokenAuthenticator();
        if (request.token().isEmpty() || connection.renewedByServer()) {
            connection.close(Disconnect.BAD_REQUEST, "a refresh without a token, or where none is expected");
            return;
        }
        if (refresher == null) {
            connection.close(Disconnect.INVALID_TOKEN, "a refresh where nothing is configured to verify tokens");
            return;
        }
        var refreshed = context.ask(refresher, () -> refresher.refresh(connection.identity(), request.token()))
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
                Refusals.answer(connection, id, "refresh", error);
            }
        });
    }

    private void renew(ClientConnection connection, long id, Authentication authentication) {
        if (!authentication.userId().equals(connection.userId())) {
            connection.close(Disconnect.INVALID_TOKEN, "the new token is for another user");
            return;
        }
        if (!sameChannels(connection, authentication)) {
            connection.close(Disconnect.INSUFFICIENT_STATE, "the new token names other channels");
            return;
        }
        long expireAt = authentication.expireAtSeconds();
        if (expireAt > 0 && expireAt <= context.nowSeconds()) {
            connection.close(Disconnect.EXPIRED, "the new token is expired");
            return;
        }
        Payload info = authentication.info();
        if (info != null) {
            connection.replaceInfo(info);
        }
        connection.identifiedAs(authentication);
        connection.reply(
                id,
                new Result.Refresh(expireAt > 0, expireAt > 0 ? Ttl.secondsUntil(expireAt, context.nowSeconds()) : 0));
    }

    /**
     * Returns whether every channel of the token is subscribed, and every subscription that came from a token is in it.
     * The empty name is ignored, as when connecting.
     */
    private static boolean sameChannels(ClientConnection connection, Authentication authentication) {
        Set<String> granted = new HashSet<>(authentication.subscriptions().keySet());
        granted.remove("");
        return connection.subscriptions().keySet().containsAll(granted)
                && granted.containsAll(connection.grantedChannels());
    }
}
