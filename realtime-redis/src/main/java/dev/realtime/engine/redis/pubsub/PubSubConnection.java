package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.KeptConnection;
import dev.realtime.engine.redis.driver.ReceivedData;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One pub/sub connection to one server, from its opening to its end: it never reconnects. The driver's own memory of
 * what is subscribed plays no role. All commands are sent by the reconciler, and leave with {@link #flush}; what the
 * server says is handed over on the event loop of the connection.
 *
 * <p>The connection speaks RESP3, in which the results of {@code SUBSCRIBE} are not replies but pushes, one for each
 * name. The driver completes a command with the first push of its kind, so with several commands in progress it would
 * complete the next one too early, and give an error to the wrong one. A {@code PING} behind each command with several
 * names keeps them apart, and its reply shows that the command before it is complete.
 */
final class PubSubConnection implements KeptConnection.Connection, ClusterView.Source {

    /** Largest number of commands in progress, so that a server keeps a bounded number of replies for us. */
    private static final int MAX_BATCHES = 16;

    /** Callbacks of a connection, on its event loop; they must return immediately. */
    interface Events {

        void confirmed(PubSubConnection connection, byte[] name);

        void ended(PubSubConnection connection, byte[] name);

        void message(PubSubConnection connection, byte[] name, byte[] message);

        /**
         * A command completed. {@code refusal} is the server's error, if any; names that got no reply have to be
         * requested again.
         */
        void finished(PubSubConnection connection, SubscriptionBatch batch, @Nullable Throwable refusal);

        /** Is called when one more command may be sent, after no more could. */
        void hasRoom(PubSubConnection connection);

        /** The connection is unusable. Called once, also when this side closed it. */
        void lost(PubSubConnection connection, String why);
    }

    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;

    private final RedisPubSubAsyncCommands<byte[], byte[]> commands;

    private final ClusterView.Primary server;

    private final boolean sharded;

    private final ReceivedData data;

    private final Events events;

    private final AtomicInteger batches = new AtomicInteger();

    /** Written by the event loop only. */
    private final AtomicLong received = new AtomicLong();

    private final AtomicBoolean ended = new AtomicBoolean();

    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * Number of the read of the topology that must have begun before the server is trusted again; 0 while it is
     * trusted.
     */
    private volatile long doubtedSince;

    PubSubConnection(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            ClusterView.Primary server,
            boolean sharded,
            ReceivedData data,
            Events events) {
        this.connection = connection;
        this.commands = connection.async();
        this.server = server;
        this.sharded = sharded;
        this.data = data;
        this.events = events;
    }

    /** Begins to hand over what it hears. */
    @Override
    public void open() {
        connection.setAutoFlushCommands(false);
        connection.addListener(new Receiver());
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                close("it was closed by the server or the network");
            }
        });
        if (!connection.isOpen()) {
            close("it was closed immediately");
        }
    }

    ClusterView.Primary server() {
        return server;
    }

    @Override
    public boolean isOpen() {
        return !ended.get();
    }

    /** Counts what arrives: pushes, and with the client's own resources everything. */
    @Override
    public long received() {
        return received.get() + data.of(connection);
    }

    /**
     * Returns whether one more command may be sent. A connection that was lost has no room: commands on it fail
     * immediately, and a caller that repeats them until they are sent would never end.
     */
    boolean hasRoom() {
        return !ended.get() && connection.isOpen() && batches.get() < MAX_BATCHES;
    }

    void send(SubscriptionBatch batch) {
        batches.incrementAndGet();
        byte[][] names = batch.names();
        RedisFuture<Void> sent = send(batch.subscribe(), names);
        if (names.length == 1) {
            sent.whenComplete((nothing, failure) -> finished(batch, failure, failure != null));
        } else {
            sent.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    events.finished(this, batch, failure);
                }
            });
            commands.ping().whenComplete((pong, failure) -> finished(batch, failure, true));
        }
    }

    private RedisFuture<Void> send(boolean subscribe, byte[][] names) {
        if (sharded) {
            return subscribe ? commands.ssubscribe(names) : commands.sunsubscribe(names);
        }
        return subscribe ? commands.subscribe(names) : commands.unsubscribe(names);
    }

    /**
     * The reply to a command with one name is handed over before the push that caused it, so that nothing can be said
     * of it.
     */
    private void finished(SubscriptionBatch batch, @Nullable Throwable failure, boolean complete) {
        if (batches.getAndDecrement() == MAX_BATCHES) {
            events.hasRoom(this);
        }
        if (complete) {
            events.finished(this, batch, failure);
        }
    }

    @Override
    public CompletionStage<String> ping() {
        return commands.ping();
    }

    @Override
    public CompletionStage<String> info(String section) {
        return commands.info(section);
    }

    @Override
    public <T> CompletionStage<T> dispatch(CommandType command, CommandOutput<byte[], byte[], T> output) {
        CompletionStage<T> sent = commands.dispatch(command, output);
        flush();
        return sent;
    }

    @Override
    public CompletionStage<String> clusterNodes() {
        return commands.clusterNodes();
    }

    @Override
    public void flush() {
        connection.flushCommands();
    }

    /**
     * The server says that it does not serve a slot any more: what it confirms from now on does not count until a look
     * at the topology that begins later than the given one.
     */
    void doubt(long readNumber) {
        doubtedSince = readNumber;
    }

    /** Handles the end of a read of the topology that shows which slots the server owns. */
    void trust(long readNumber) {
        if (doubtedSince != 0 && doubtedSince < readNumber) {
            doubtedSince = 0;
        }
    }

    boolean isDoubted() {
        return doubtedSince != 0;
    }

    @Override
    public CompletableFuture<Void> close(String why) {
        if (ended.compareAndSet(false, true)) {
            connection.closeAsync().whenComplete((nothing, failure) -> closed.complete(null));
            events.lost(this, why);
        }
        return closed;
    }

    @Override
    public void discard() {
        connection.closeAsync();
    }

    private final class Receiver extends RedisPubSubAdapter<byte[], byte[]> {

        private void hear() {
            received.lazySet(received.getPlain() + 1);
        }

        @Override
        public void message(byte[] name, byte[] message) {
            hear();
            events.message(PubSubConnection.this, name, message);
        }

        @Override
        public void smessage(byte[] name, byte[] message) {
            message(name, message);
        }

        @Override
        public void subscribed(byte[] name, long count) {
            hear();
            events.confirmed(PubSubConnection.this, name);
        }

        @Override
        public void ssubscribed(byte[] name, long count) {
            subscribed(name, count);
        }

        @Override
        public void unsubscribed(byte[] name, long count) {
            hear();
            if (name != null) {
                events.ended(PubSubConnection.this, name);
            }
        }

        @Override
        public void sunsubscribed(byte[] name, long count) {
            unsubscribed(name, count);
        }
    }

    @Override
    public String toString() {
        return server.address();
    }
}
