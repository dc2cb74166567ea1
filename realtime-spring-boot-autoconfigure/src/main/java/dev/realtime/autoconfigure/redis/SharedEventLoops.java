package dev.realtime.autoconfigure.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.netty.resources.LoopResources;

/**
 * Event loops of the web server for the engine's Lettuce client. A publication then goes from its client to Redis and
 * from Redis to its subscribers without a change of threads, and everything from one turn of the loop goes to Redis
 * together. The loops belong to the server and are not closed here.
 */
final class SharedEventLoops implements EventLoopGroupProvider {

    private final EventLoopGroup group;

    private SharedEventLoops(EventLoopGroup group) {
        this.group = group;
    }

    /** Returns empty if Lettuce would open other sockets than these loops can serve. */
    static Optional<EventLoopGroupProvider> of(LoopResources loops) {
        EventLoopGroup group = loops.onServer(LoopResources.DEFAULT_NATIVE);
        return loops.onChannelClass(SocketChannel.class, group).equals(Transports.socketChannelClass())
                ? Optional.of(new SharedEventLoops(group))
                : Optional.empty();
    }

    /** Returns the loops for any type: Lettuce passes a type but accepts every group. */
    @Override
    @SuppressWarnings("unchecked")
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
        return (T) group;
    }

    @Override
    public int threadPoolSize() {
        int threads = 0;
        for (EventExecutor loop : group) {
            threads++;
        }
        return threads;
    }

    @Override
    public Future<Boolean> release(EventExecutorGroup eventLoopGroup, long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit timeUnit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }
}
