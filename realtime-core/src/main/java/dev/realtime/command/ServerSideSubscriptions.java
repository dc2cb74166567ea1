package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.channel.PersonalChannel;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.SubscriptionTerms;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Subscribes a connecting client to what the server wants it in: the channels its authentication grants, its personal
 * channel, and those of the connect request that are open to it.
 */
final class ServerSideSubscriptions {

    private final ConnectionContext context;

    private final ChannelPermissions permissions;

    private final SubscriptionOpener opener;

    ServerSideSubscriptions(ConnectionContext context, ChannelPermissions permissions, SubscriptionOpener opener) {
        this.context = context;
        this.permissions = permissions;
        this.opener = opener;
    }

    /** Callbacks for the outcome; neither is called if the connection was closed. */
    interface Outcome {

        void opened(List<SubscriptionOpener.Outcome.Opened> subscriptions);

        void refused(ClientError error);
    }

    private record Wanted(Channel channel, SubscriptionGrant grant, boolean granted) {}

    void subscribe(
            ClientConnection connection, Authentication authentication, Request.Connect request, Outcome outcome) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (Map.Entry<String, SubscriptionGrant> entry : grants(authentication).entrySet()) {
            Optional<Channel> channel = context.namespaces().find(entry.getKey());
            if (channel.isEmpty()) {
                outcome.refused(ClientError.UNKNOWN_CHANNEL);
                return;
            }
            SubscriptionGrant grant = entry.getValue();
            boolean ofToken = authentication.subscriptions().containsKey(entry.getKey());
            wanted.put(entry.getKey(), new Wanted(channel.get().with(grant.overrides()), grant, ofToken));
        }
        List<String> names = request.subs().keySet().stream()
                .filter(name -> !name.isEmpty() && !wanted.containsKey(name))
                .toList();
        if (names.size() > context.options().channelLimit()) {
            connection.close(Disconnect.CHANNEL_LIMIT, "its connect request names more channels than allowed");
            return;
        }
        List<Channel> requested = new ArrayList<>();
        for (String name : names) {
            Optional<Channel> channel = context.namespaces().find(name);
            if (channel.isEmpty()) {
                connection.close(Disconnect.BAD_REQUEST, "its connect request names a channel of no namespace");
                return;
            }
            requested.add(channel.get());
        }
        if (requested.isEmpty()) {
            openWanted(connection, wanted, request, outcome);
        } else {
            askForRequested(connection, wanted, requested, request, outcome);
        }
    }

    /** Adds those of the requested channels that are open to the client, and leaves the others out without a word. */
    private void askForRequested(
            ClientConnection connection,
            Map<String, Wanted> wanted,
            List<Channel> requested,
            Request.Connect request,
            Outcome outcome) {
        Mono<List<Wanted>> open = Flux.fromIterable(requested)
                .concatMap(channel -> permissions
                        .subscribeOnConnect(connection, channel)
                        .map(grant -> new Wanted(channel.with(grant.overrides()), grant, false)))
                .collectList();
        connection.commands().ask(open, (opened, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (error instanceof ClientRefusedException refused && refused.disconnect() != null) {
                connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
                return;
            }
            if (opened == null) {
                outcome.refused(Refusals.errorOf(
                        connection, "connect", error == null ? new IllegalStateException("no decision") : error));
                return;
            }
            opened.forEach(one -> wanted.put(one.channel().name(), one));
            openWanted(connection, wanted, request, outcome);
        });
    }

    private void openWanted(
            ClientConnection connection, Map<String, Wanted> wanted, Request.Connect request, Outcome outcome) {
        if (wanted.size() > context.options().channelLimit()) {
            connection.close(Disconnect.CHANNEL_LIMIT, "it would be subscribed to more channels than allowed");
            return;
        }
        openAll(connection, wanted.values(), request, outcome);
    }

    private Map<String, SubscriptionGrant> grants(Authentication authentication) {
        Map<String, SubscriptionGrant> grants = new LinkedHashMap<>(authentication.subscriptions());
        grants.remove("");
        if (context.options().personalChannel() && !authentication.userId().isEmpty()) {
            String name = PersonalChannel.name(
                    context.options().personalChannelNamespace(),
                    context.namespaces().rules(),
                    authentication.userId());
            grants.putIfAbsent(name, SubscriptionGrant.PLAIN);
        }
        return grants;
    }

    private void openAll(
            ClientConnection connection, Iterable<Wanted> wanted, Request.Connect request, Outcome outcome) {
        List<Wanted> all = new ArrayList<>();
        wanted.forEach(all::add);
        if (all.isEmpty()) {
            outcome.opened(List.of());
            return;
        }
        List<SubscriptionOpener.Outcome.Opened> opened = new ArrayList<>(all.size());
        int[] waiting = {all.size()};
        boolean[] refused = {false};
        for (Wanted one : all) {
            if (connection.isClosed() || refused[0]) {
                return;
            }
            SubscriptionTerms terms = terms(
                    one.channel(), one.grant(), request.subs().get(one.channel().name()));
            opener.open(connection, one.channel(), terms, result -> {
                waiting[0]--;
                if (connection.isClosed() || refused[0]) {
                    return;
                }
                if (result instanceof SubscriptionOpener.Outcome.Failed failed) {
                    refused[0] = true;
                    outcome.refused(failed.error());
                } else if (result instanceof SubscriptionOpener.Outcome.Opened done) {
                    if (one.granted()) {
                        done.subscription().cameFromAuthentication();
                    }
                    opened.add(done);
                    if (waiting[0] == 0) {
                        outcome.opened(opened);
                    }
                }
            });
        }
    }

    /** Terms of a subscription made by the server, with what the client asks to recover. */
    static SubscriptionTerms terms(Channel channel, SubscriptionGrant grant, Request.@Nullable Subscribe asked) {
        ChannelOptions options = channel.options();
        boolean history = options.history().enabled();
        return new SubscriptionTerms(
                grant,
                true,
                history && options.forcePositioning(),
                history && options.forceRecovery(),
                options.joinLeave() && options.forcePushJoinLeave(),
                asked != null && asked.recover(),
                asked == null ? StreamPosition.NONE : new StreamPosition(asked.offset(), asked.epoch()),
                false);
    }
}
