package dev.realtime.conformance;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.ServerSubscribedEvent;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Client of the official Java SDK, which supports Protobuf only, with its received events. */
final class JavaSdkClient {

    final String user = UUID.randomUUID().toString();

    final Inbox<ConnectedEvent> connected = new Inbox<>("connected");

    final Inbox<ConnectingEvent> connecting = new Inbox<>("connecting");

    final Inbox<DisconnectedEvent> disconnected = new Inbox<>("disconnected");

    final Inbox<ServerSubscribedEvent> subscribedByServer = new Inbox<>("subscribed by the server");

    final Inbox<ServerPublicationEvent> heardByServer = new Inbox<>("publication in a channel of the server");

    private final Client client;

    /**
     * @param channels the server is asked to subscribe it to
     */
    JavaSdkClient(URI server, String... channels) {
        this(server, (user, options) -> options.setToken(new Identity(user, "{\"name\":\"Duke\"}", channels).token()));
    }

    /**
     * A client with tokens of its own.
     *
     * @param tokens sets them, given the user id
     */
    JavaSdkClient(URI server, BiConsumer<String, Options> tokens) {
        Options options = new Options();
        tokens.accept(user, options);
        options.setMinReconnectDelay(20);
        options.setMaxReconnectDelay(200);
        String endpoint = server.toString().replaceFirst("http", "ws") + "/connection/websocket";
        client = new Client(endpoint, options, new Listener());
    }

    /** Connects and returns the id of the connection. */
    String connect() {
        client.connect();
        return connected.next().getClient();
    }

    void disconnect() {
        client.disconnect();
        disconnected.next();
    }

    Client sdk() {
        return client;
    }

    /** A subscription that is on its way. */
    JavaSdkSubscription subscribe(String channel, SubscriptionOptions options) {
        JavaSdkSubscription subscription = new JavaSdkSubscription(client, channel, options);
        subscription.sdk().subscribe();
        return subscription;
    }

    /** A subscription that is there. */
    JavaSdkSubscription subscribed(String channel) {
        JavaSdkSubscription subscription = subscribe(channel, new SubscriptionOptions());
        subscription.subscribed.next();
        return subscription;
    }

    /** Returns the result of a call; wraps its error if it fails. */
    static <T> T answer(Consumer<ResultCallback<T>> call) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        call.accept((error, result) -> {
            if (error == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(error);
            }
        });
        return answer.get(Inbox.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    void close() throws InterruptedException {
        client.close(Inbox.PATIENCE.toMillis());
    }

    private final class Listener extends EventListener {

        @Override
        public void onConnecting(Client client, ConnectingEvent event) {
            connecting.add(event);
        }

        @Override
        public void onConnected(Client client, ConnectedEvent event) {
            connected.add(event);
        }

        @Override
        public void onDisconnected(Client client, DisconnectedEvent event) {
            disconnected.add(event);
        }

        @Override
        public void onSubscribed(Client client, ServerSubscribedEvent event) {
            subscribedByServer.add(event);
        }

        @Override
        public void onPublication(Client client, ServerPublicationEvent event) {
            heardByServer.add(event);
        }
    }
}
