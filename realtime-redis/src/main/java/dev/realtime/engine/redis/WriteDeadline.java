package dev.realtime.engine.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import java.time.Duration;

/** Gives every connection of a client a limit of how long bytes may stay unsent. */
final class WriteDeadline implements NettyCustomizer {

    private final Duration timeout;

    private final NettyCustomizer next;

    /**
     * @param timeout zero for none
     * @param next goes first
     */
    WriteDeadline(Duration timeout, NettyCustomizer next) {
        this.timeout = timeout;
        this.next = next;
    }

    @Override
    public void afterBootstrapInitialized(Bootstrap bootstrap) {
        next.afterBootstrapInitialized(bootstrap);
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        next.afterChannelInitialized(channel);
        if (!timeout.isZero()) {
            channel.pipeline().addFirst(new WriteDeadlineHandler(timeout));
        }
    }
}
