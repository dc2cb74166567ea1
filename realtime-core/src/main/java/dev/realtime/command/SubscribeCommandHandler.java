package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.SubscriptionTerms;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.statistics.ReachedLimit;
import reactor.core.publisher.Mono;

/** Handles {@link Request.Subscribe}: checks in the order of the reference server, then opens the subscription. */
final class SubscribeCommandHandler {

    private final ConnectionContext context;

    private final ChannelPermissions permissions;

    private final SubscriptionOpener opener;

    SubscribeCommandHandler(ConnectionContext context, ChannelPermissions permissions, SubscriptionOpener opener) {
        this.context = context;
        this.permissions = permissions;
        this.opener = opener;
    }

    void handle(ClientConnection connection, long id, Request.Subscribe request) {
        String name = request.channel();
        if (name.isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "a subscribe named no channel");
        } else if (!request.delta().isEmpty() && !request.delta().equals("fossil")) {
            connection.close(Disconnect.BAD_REQUEST, "a subscribe asked for an unknown delta type");
        } else if (!context.namespaces().admitsLength(name)) {
            connection.fail(id, ClientError.BAD_REQUEST);
        } else if (connection.subscriptions().containsKey(name)) {
            connection.fail(id, ClientError.ALREADY_SUBSCRIBED);
        } else if (connection.subscriptions().size() >= context.options().channelLimit()) {
            context.statistics().refused(ReachedLimit.CHANNEL_LIMIT, context.namespaceOf(name));
            connection.fail(id, ClientError.LIMIT_EXCEEDED);
        } else {
            Channel channel = RequestedChannel.find(connection, id, name);
            if (channel != null) {
                authorize(connection, id, request, channel);
            }
        }
    }

    private void authorize(ClientConnection connection, long id, Request.Subscribe request, Channel channel) {
        Mono<SubscriptionGrant> grant = permissions.subscribe(connection, channel, request.token(), request.data());
        connection.commands().ask(grant, (granted, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (granted == null) {
                Refusals.answer(connection, id, "subscribe", error == null ? noDecision() : error);
            } else if (granted.expireAtSeconds() > 0 && granted.expireAtSeconds() <= context.nowSeconds()) {
                connection.fail(id, ClientError.EXPIRED);
            } else if (request.tagsFilter() != null) {
                connection.fail(id, ClientError.BAD_REQUEST);
            } else if (request.type() != 0) {
                connection.fail(id, ClientError.NOT_AVAILABLE);
            } else {
                termsOf(connection, id, request, channel.with(granted.overrides()), granted);
            }
        });
    }

    private static IllegalStateException noDecision() {
        return new IllegalStateException("no decision about the subscription was made");
    }

    /** Positioning and recovery may be asked for where the namespace allows it, or where history may be read anyway. */
    private void termsOf(
            ClientConnection connection, long id, Request.Subscribe request, Channel channel, SubscriptionGrant grant) {
        ChannelOptions options = channel.options();
        boolean asksPosition = request.positioned() && !options.allowPositioning() && !options.forcePositioning();
        boolean asksRecovery = request.recoverable() && !options.allowRecovery() && !options.forceRecovery();
        boolean asksJoinLeave = request.joinLeave() && options.joinLeave() && !options.forcePushJoinLeave();
        Mono<Boolean> readsHistory = options.history().enabled() && (asksPosition || asksRecovery)
                ? permissions.historyOnceSubscribed(connection, channel)
                : Mono.just(false);
        connection.commands().ask(readsHistory, (history, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (error != null) {
                Refusals.answer(connection, id, "subscribe", error);
                return;
            }
            boolean mayReadHistory = history != null && history;
            Mono<Boolean> readsPresence =
                    asksJoinLeave ? permissions.presenceOnceSubscribed(connection, channel) : Mono.just(false);
            connection.commands().ask(readsPresence, (presence, presenceError) -> {
                if (connection.isClosed()) {
                    return;
                }
                if (presenceError != null) {
                    Refusals.answer(connection, id, "subscribe", presenceError);
                } else {
                    open(connection, id, request, channel, grant, mayReadHistory, presence != null && presence);
                }
            });
        });
    }

    private void open(
            ClientConnection connection,
            long id,
            Request.Subscribe request,
            Channel channel,
            SubscriptionGrant grant,
            boolean mayReadHistory,
            boolean mayReadPresence) {
        ChannelOptions options = channel.options();
        boolean history = options.history().enabled();
        boolean recoverable = history
                && (options.forceRecovery() || (request.recoverable() && (options.allowRecovery() || mayReadHistory)));
        boolean positioned = history
                && (options.forcePositioning()
                        || (request.positioned() && (options.allowPositioning() || mayReadHistory)));
        SubscriptionTerms terms = new SubscriptionTerms(
                grant,
                false,
                positioned,
                recoverable,
                options.joinLeave() && (options.forcePushJoinLeave() || mayReadPresence),
                request.recover(),
                new StreamPosition(request.offset(), request.epoch()),
                (request.flag() & Request.Subscribe.REJECT_UNRECOVERABLE) != 0);
        opener.open(connection, channel, terms, outcome -> {
            if (outcome instanceof SubscriptionOpener.Outcome.Opened opened) {
                if (!opened.result().fits(connection.codec())) {
                    connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "history holds data that is not JSON");
                    return;
                }
                connection.reply(id, opened.result());
                connection.opened(opened.subscription());
            } else if (outcome instanceof SubscriptionOpener.Outcome.Failed failed) {
                connection.fail(id, failed.error());
            }
        });
    }
}
