package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.channel.Namespaces;
import dev.realtime.channel.PersonalChannel;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientOptions;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Subscribes a connecting client to what the server wants it in: the channels its authentication grants, its personal
 * channel, and those of the connect request that are open to it.
 */
public final class ServerSideSubscriptions {

    private final ClientOptions options;

    private final Namespaces namespaces;

    private final ChannelPermissions permissions;

    private final SubscribeFlows flows;

    private final ErrorReplies errors;

    public ServerSideSubscriptions(
            ClientOptions options,
            Namespaces namespaces,
            ChannelPermissions permissions,
            SubscribeFlows flows,
            ErrorReplies errors) {
        this.options = options;
        this.namespaces = namespaces;
        this.permissions = permissions;
        this.flows = flows;
        this.errors = errors;
    }

    /**
     * Last step of the caller, with subscriptions that are open or failed. Neither method is called if the connection
     * was closed.
     */
    interface Ending {

        void opened(List<SubscribeFlow> subscriptions);

        void failed(ClientError error);
    }

    private record Wanted(Channel channel, SubscriptionGrant grant, boolean granted) {}

    void subscribe(ClientConnection connection, Authentication authentication, Request.Connect request, Ending ending) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (Map.Entry<String, SubscriptionGrant> entry : grants(authentication).entrySet()) {
            Optional<Channel> channel = namespaces.find(entry.getKey());
            if (channel.isEmpty()) {
                ending.failed(ClientError.UNKNOWN_CHANNEL);
                return;
            }
            SubscriptionGrant grant = entry.getValue();
            boolean ofToken = authentication.subscriptions().containsKey(entry.getKey());
            wanted.put(entry.getKey(), new Wanted(channel.get().with(grant.overrides()), grant, ofToken));
        }
        List<String> names = request.subs().keySet().stream()
                .filter(name -> !name.isEmpty() && !wanted.containsKey(name))
                .toList();
        if (names.size() > options.channelLimit()) {
            connection.close(Disconnect.CHANNEL_LIMIT, "its connect request names more channels than allowed");
            return;
        }
        List<Channel> requested = new ArrayList<>();
        for (String name : names) {
            Optional<Channel> channel = namespaces.find(name);
            if (channel.isEmpty()) {
                connection.close(Disconnect.BAD_REQUEST, "its connect request names a channel of no namespace");
                return;
            }
            requested.add(channel.get());
        }
        if (requested.isEmpty()) {
            openWanted(connection, wanted, request, ending);
        } else {
            askForRequested(connection, wanted, requested, request, ending);
        }
    }

    /** Adds those of the requested channels that are open to the client, and leaves the others out without a word. */
    private void askForRequested(
            ClientConnection connection,
            Map<String, Wanted> wanted,
            List<Channel> requested,
            Request.Connect request,
            Ending ending) {
        Mono<List<Wanted>> open = Flux.fromIterable(requested)
                .concatMap(channel -> permissions
                        .subscribeOnConnect(connection, channel)
                        .map(grant -> new Wanted(channel.with(grant.overrides()), grant, false)))
                .collectList();
        connection.commands().ask(open, (opened, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (ErrorReplies.closes(connection, error)) {
                return;
            }
            if (opened == null) {
                ending.failed(errors.errorOf(
                        connection, "connect", error == null ? new IllegalStateException("no decision") : error));
                return;
            }
            opened.forEach(one -> wanted.put(one.channel().name(), one));
            openWanted(connection, wanted, request, ending);
        });
    }

    private void openWanted(
            ClientConnection connection, Map<String, Wanted> wanted, Request.Connect request, Ending ending) {
        if (wanted.size() > options.channelLimit()) {
            connection.close(Disconnect.CHANNEL_LIMIT, "it would be subscribed to more channels than allowed");
            return;
        }
        openAll(connection, wanted.values(), request, ending);
    }

    private Map<String, SubscriptionGrant> grants(Authentication authentication) {
        Map<String, SubscriptionGrant> grants = new LinkedHashMap<>(authentication.subscriptions());
        grants.remove("");
        if (options.personalChannel() && !authentication.userId().isEmpty()) {
            String name = PersonalChannel.name(
                    options.personalChannelNamespace(), namespaces.rules(), authentication.userId());
            grants.putIfAbsent(name, SubscriptionGrant.PLAIN);
        }
        return grants;
    }

    private void openAll(ClientConnection connection, Iterable<Wanted> wanted, Request.Connect request, Ending ending) {
        List<Wanted> all = new ArrayList<>();
        wanted.forEach(all::add);
        if (all.isEmpty()) {
            ending.opened(List.of());
            return;
        }
        Opening opening = new Opening(connection, all.size(), ending);
        for (Wanted one : all) {
            if (connection.isClosed() || opening.failed) {
                return;
            }
            flows.subscribeByServer(
                    connection, request.subs().get(one.channel().name()), one.channel(), one.grant(), opening.of(one));
        }
    }

    /** All that are being opened; ends when the last is open, or the first failed. */
    private static final class Opening {

        private final ClientConnection connection;

        private final Ending ending;

        private final List<SubscribeFlow> opened;

        private int waiting;

        private boolean failed;

        Opening(ClientConnection connection, int count, Ending ending) {
            this.connection = connection;
            this.ending = ending;
            this.opened = new ArrayList<>(count);
            this.waiting = count;
        }

        SubscribeFlow.Ending of(Wanted one) {
            return new SubscribeFlow.Ending() {
                @Override
                public void opened(SubscribeFlow flow) {
                    if (connection.isClosed() || failed) {
                        return;
                    }
                    if (one.granted()) {
                        flow.markAsAuthenticated();
                    }
                    opened.add(flow);
                    waiting--;
                    if (waiting == 0) {
                        ending.opened(opened);
                    }
                }

                @Override
                public void failed(ClientError error) {
                    if (!connection.isClosed() && !failed) {
                        failed = true;
                        ending.failed(error);
                    }
                }
            };
        }
    }
}
