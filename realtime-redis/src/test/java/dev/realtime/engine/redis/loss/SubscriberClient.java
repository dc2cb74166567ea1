package dev.realtime.engine.redis.loss;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.loss.Sighting.Begun;
import dev.realtime.engine.redis.loss.Sighting.Delivered;
import dev.realtime.engine.redis.loss.Sighting.Ended;
import dev.realtime.engine.redis.loss.Sighting.Recovered;
import dev.realtime.node.RealtimeNode;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.ClientCodec.Ping;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WebSocketFrames;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client of a real node, without a socket: subscribes to channels and does what an SDK does when it is sent away. It
 * comes back immediately, asks for what it has missed since its last offset, and trusts the reply.
 *
 * <p>Everything happens on one executor, which the node uses for the connection as well; {@link #logs()} and the
 * counters may be read by anyone.
 */
final class SubscriberClient {

    private static final long FIRST_RETRY_MILLIS = 50;

    private static final long LONGEST_RETRY_MILLIS = 500;

    private static final TransportDescription DESCRIPTION = new TransportDescription(
            "in-process", TransportCapabilities.WEBSOCKET, null, Map.of(), "/connection/websocket", "");

    private final RealtimeNode node;

    private final EventExecutor executor;

    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

    private final ClientCodec codec = ClientCodec.of(ProtocolType.JSON);

    private final AtomicInteger disconnects = new AtomicInteger();

    private @Nullable Link link;

    private boolean closed;

    SubscriberClient(String name, RealtimeNode node, Collection<String> channels, EventExecutor executor) {
        this.node = node;
        this.executor = executor;
        channels.forEach(
                channel -> subscriptions.put(channel, new Subscription(channel, new SubscriberLog(name, channel))));
    }

    /**
     * It was here before, got everything of a channel up to a place, and went away there.
     *
     * @param got what it got, from offset 1
     */
    void wasAt(String channel, StreamPosition place, List<String> got) {
        Subscription subscription = subscriptions.get(channel);
        subscription.position = place;
        long longAgo = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
        subscription.log.add(new Begun(new StreamPosition(0, place.epoch()), longAgo));
        for (int offset = 1; offset <= got.size(); offset++) {
            subscription.log.add(new Delivered(offset, got.get(offset - 1), longAgo));
        }
    }

    /** Connects and subscribes to all its channels. */
    void start() {
        executor.execute(this::connect);
    }

    /** Goes away for good. */
    void close() {
        executor.execute(() -> {
            closed = true;
            if (link != null) {
                link.drop();
            }
        });
    }

    /** What was seen, per channel. */
    List<SubscriberLog> logs() {
        return subscriptions.values().stream()
                .map(subscription -> subscription.log)
                .toList();
    }

    /** How often the server closed the connection. */
    int disconnects() {
        return disconnects.get();
    }

    private void connect() {
        if (!closed) {
            link = new Link();
            link.open();
        }
    }

    private void onDisconnected(Disconnect disconnect) {
        disconnects.incrementAndGet();
        subscriptions.values().forEach(subscription -> subscription.end(disconnect.code()));
        executor.schedule(this::connect, FIRST_RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** One channel, and where this client is in it. */
    private final class Subscription {

        private final String channel;

        private final SubscriberLog log;

        /** {@code null} until it was subscribed once. */
        private @Nullable StreamPosition position;

        private boolean subscribed;

        private long retryMillis = FIRST_RETRY_MILLIS;

        Subscription(String channel, SubscriberLog log) {
            this.channel = channel;
            this.log = log;
        }

        void request(Link over) {
            StreamPosition since = position;
            Request.Subscribe plain = Request.Subscribe.to(channel);
            over.ask(
                    since == null
                            ? plain
                            : Request.Subscribe.builder(channel)
                                    .recoverSince(since)
                                    .build(),
                    reply -> onReply(over, reply));
        }

        private void onReply(Link over, Reply reply) {
            if (reply instanceof Reply.Success success && success.result() instanceof Result.Subscribe result) {
                subscribed = true;
                retryMillis = FIRST_RETRY_MILLIS;
                onSubscribed(result);
            } else {
                executor.schedule(() -> retry(over), retryMillis, TimeUnit.MILLISECONDS);
                retryMillis = Math.min(2 * retryMillis, LONGEST_RETRY_MILLIS);
            }
        }

        private void retry(Link over) {
            if (over == link && !subscribed) {
                request(over);
            }
        }

        private void onSubscribed(Result.Subscribe result) {
            StreamPosition subscribed = new StreamPosition(result.offset(), result.epoch());
            log.add(
                    result.recovered()
                            ? new Recovered(subscribed, System.nanoTime())
                            : new Begun(subscribed, System.nanoTime()));
            position = subscribed;
            result.publications().forEach(this::deliver);
        }

        void deliver(Publication publication) {
            log.add(new Delivered(publication.offset(), publication.data().text(), System.nanoTime()));
            StreamPosition before = position;
            if (before != null) {
                position = new StreamPosition(Math.max(before.offset(), publication.offset()), before.epoch());
            }
        }

        void end(int code) {
            if (subscribed) {
                subscribed = false;
                log.add(new Ended(code, System.nanoTime()));
            }
        }
    }

    private interface ReplyHandler {

        void onReply(Reply reply);
    }

    /** One connection. */
    private final class Link implements Transport {

        private final Map<Long, ReplyHandler> asked = new HashMap<>();

        private List<byte[]> written = new ArrayList<>();

        private @Nullable TransportListener connection;

        private long lastId;

        private boolean ended;

        void open() {
            connection = node.accept(this);
            ask(new Request.Connect("", null, Map.of(), "loss", "", Map.of()), reply -> {
                if (reply instanceof Reply.Success) {
                    subscriptions.values().forEach(subscription -> subscription.request(this));
                }
            });
        }

        void ask(Request request, ReplyHandler handler) {
            lastId++;
            asked.put(lastId, handler);
            say(new Command(lastId, request));
        }

        private void say(Command command) {
            if (!ended && connection != null) {
                connection.onMessage(Unpooled.wrappedBuffer(codec.encode(command)));
            }
        }

        void drop() {
            if (!ended && connection != null) {
                ended = true;
                connection.onClosed();
            }
        }

        @Override
        public EventExecutor executor() {
            return executor;
        }

        @Override
        public WireForm wireForm() {
            return WireForm.JSON_WEBSOCKET;
        }

        @Override
        public TransportDescription describe() {
            return DESCRIPTION;
        }

        @Override
        public void write(ByteBuf frame) {
            try {
                WebSocketFrames.forEachFrame(frame, one -> {
                    int header = WebSocketFrames.headerLength(one);
                    byte[] message = new byte[one.readableBytes() - header];
                    one.getBytes(one.readerIndex() + header, message);
                    written.add(message);
                });
            } finally {
                frame.release();
            }
        }

        @Override
        public void flush() {
            if (!written.isEmpty()) {
                List<byte[]> messages = written;
                written = new ArrayList<>();
                // As over a network, the client replies later, not within the server's call.
                executor.execute(() -> messages.forEach(this::read));
            }
        }

        private void read(byte[] message) {
            for (Object received : codec.decode(message)) {
                if (received instanceof Ping) {
                    say(new Command(0, null));
                } else if (received instanceof Reply reply) {
                    ReplyHandler handler = asked.remove(reply.id());
                    if (handler != null) {
                        handler.onReply(reply);
                    }
                } else if (received instanceof Push push) {
                    onPush(push);
                }
            }
        }

        private void onPush(Push push) {
            Subscription subscription = subscriptions.get(push.channel());
            if (subscription == null) {
                return;
            }
            if (push instanceof Push.Pub pub) {
                subscription.deliver(pub.publication());
            } else if (push instanceof Push.Unsubscribed unsubscribed) {
                subscription.end(unsubscribed.unsubscribe().code());
                subscription.request(this);
            }
        }

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void pauseReading() {
            // A client without a socket has nothing to hold back.
        }

        @Override
        public void resumeReading() {
            // It was never paused.
        }

        @Override
        public void close(Disconnect disconnect) {
            if (!ended) {
                ended = true;
                flush();
                executor.execute(() -> {
                    if (connection != null) {
                        connection.onClosed();
                    }
                    onDisconnected(disconnect);
                });
            }
        }
    }
}
