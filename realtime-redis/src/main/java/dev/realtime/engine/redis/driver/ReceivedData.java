package dev.realtime.engine.redis.driver;

import io.lettuce.core.CommandListenerWriter;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.CommandExpiryWriter;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counters of what arrives on the connections of a client. Behind a long queue of replies, or in the middle of a large
 * one, the answer to a ping comes late, but the server is alive. May be used by any thread.
 */
public final class ReceivedData {

    /** By the driver's end of a connection, which outlives its sockets. */
    private final Map<Endpoint, AtomicLong> counters = Collections.synchronizedMap(new WeakHashMap<>());

    /** Begins to count what arrives on a channel of the driver. */
    void count(Channel channel) {
        CommandHandler handler = channel.pipeline().get(CommandHandler.class);
        if (handler != null) {
            AtomicLong counter = counters.computeIfAbsent(handler.getEndpoint(), endpoint -> new AtomicLong());
            channel.pipeline().addFirst(new Counter(counter));
        }
    }

    /** Returns the number of times that something arrived; 0 if nothing did or it is not counted. */
    public long of(StatefulConnection<?, ?> connection) {
        DefaultEndpoint endpoint = endpoint(connection);
        AtomicLong counter = endpoint == null ? null : counters.get(endpoint);
        return counter == null ? 0 : counter.get();
    }

    /** Returns the driver's end of a connection to one server; {@code null} if it is none of the driver's own. */
    public static @Nullable DefaultEndpoint endpoint(StatefulConnection<?, ?> connection) {
        RedisChannelWriter writer =
                connection instanceof RedisChannelHandler<?, ?> handler ? handler.getChannelWriter() : null;
        while (writer instanceof CommandListenerWriter || writer instanceof CommandExpiryWriter) {
            writer = writer instanceof CommandListenerWriter listening
                    ? listening.getDelegate()
                    : ((CommandExpiryWriter) writer).getDelegate();
        }
        return writer instanceof DefaultEndpoint endpoint ? endpoint : null;
    }

    private static final class Counter extends ChannelInboundHandlerAdapter {

        private final AtomicLong counter;

        Counter(AtomicLong counter) {
            this.counter = counter;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            counter.lazySet(counter.getPlain() + 1);
            context.fireChannelRead(message);
        }
    }
}
