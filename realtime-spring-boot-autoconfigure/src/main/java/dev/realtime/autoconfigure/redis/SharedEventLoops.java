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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/**
 * Event loops of the web server for the engine's Lettuce client. A publication then goes from its client to Redis and
 * from Redis to its subscribers without a change of threads, and everything from one turn of the loop goes to Redis
 * together. The loops belong to the server and are not closed here.
 */
final class SharedEventLoops implements EventLoopGroupProvider {

    private static final Logger logger = LoggerFactory.getLogger(SharedEventLoops.class);

    private final EventLoopGroup group;

    private SharedEventLoops(EventLoopGroup group) {
        this.group = group;
    }

    /** Returns empty if Lettuce would open other sockets than these loops can serve, which is logged. */
    static Optional<EventLoopGroupProvider> of(LoopResources loops) {
        EventLoopGroup group = loops.onServer(LoopResources.DEFAULT_NATIVE);
        Class<?> served = loops.onChannelClass(SocketChannel.class, group);
        if (served.equals(Transports.socketChannelClass())) {
            return Optional.of(new SharedEventLoops(group));
        }
        logger.info(
                "The connections to Redis do not use the event loops of the web server: those serve {}, and Lettuce"
                        + " opens {}. With io_uring, start the JVM with -Dio.lettuce.core.epoll=false, so that Lettuce"
                        + " uses it too.",
                served.getSimpleName(),
                Transports.socketChannelClass().getSimpleName());
        return Optional.empty();
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
