package dev.realtime.engine.redis.driver;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;

/**
 * Pipeline handlers that every connection of a client has in addition to those of the driver: commands of one turn of
 * the
 * event loop leave together, where the driver would send each on its own, bytes may not stay unsent for ever, and what
 * arrives is counted.
 */
public final class ConnectionPipeline implements NettyCustomizer {

    private final Duration writeTimeout;

    private final NettyCustomizer next;

    private final ReceivedData received = new ReceivedData();

    /**
     * @param writeTimeout zero for none
     * @param next goes first
     */
    public ConnectionPipeline(Duration writeTimeout, NettyCustomizer next) {
        this.writeTimeout = writeTimeout;
        this.next = next;
    }

    /** Returns what arrived on each connection. */
    public ReceivedData received() {
        return received;
    }

    @Override
    public void afterBootstrapInitialized(Bootstrap bootstrap) {
        next.afterBootstrapInitialized(bootstrap);
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        next.afterChannelInitialized(channel);
        // Last, so that it comes before TLS, which makes a record of each flush.
        channel.pipeline()
                .addLast(new FlushConsolidationHandler(
                        FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        received.count(channel);
        if (!writeTimeout.isZero()) {
            channel.pipeline().addFirst(new WriteDeadlineHandler(writeTimeout));
        }
    }
}
