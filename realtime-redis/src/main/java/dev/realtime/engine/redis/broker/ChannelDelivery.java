package dev.realtime.engine.redis.broker;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.spi.engine.BrokerListener;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivery of one channel to the listener of the broker, until it is closed. A listener that fails is logged and gets
 * what comes next.
 */
final class ChannelDelivery {

    private static final Logger logger = LoggerFactory.getLogger(ChannelDelivery.class);

    private final String channel;

    private final BrokerListener listener;

    private final RedisStatistics statistics;

    private volatile boolean closed;

    ChannelDelivery(String channel, BrokerListener listener, RedisStatistics statistics) {
        this.channel = channel;
        this.listener = listener;
        this.statistics = statistics;
    }

    String channel() {
        return channel;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

    void publication(Publication publication, StreamPosition position) {
        notifyListener(to -> to.onPublication(channel, publication, position));
    }

    void join(ClientInfo info) {
        notifyListener(to -> to.onJoin(channel, info));
    }

    void leave(ClientInfo info) {
        notifyListener(to -> to.onLeave(channel, info));
    }

    void epochContinued(StreamPosition end, String next) {
        notifyListener(to -> to.onEpochContinued(channel, end, next));
    }

    /** Notifies the listener that something may be missing. */
    void disturbance() {
        statistics.count(Event.RESYNC_INCOMPLETE);
        notifyListener(to -> to.onDisturbance(List.of(channel)));
    }

    private void notifyListener(Consumer<BrokerListener> event) {
        if (closed) {
            return;
        }
        try {
            event.accept(listener);
        } catch (Throwable failure) {
            logger.error("The listener of the broker failed on channel '{}' because of a defect", channel, failure);
        }
    }
}
