package dev.realtime.engine.redis.broker;

import dev.realtime.engine.redis.key.RedisKeys;
import reactor.core.publisher.MonoSink;

/**
 * Publication that waits for replicas.
 *
 * @param deadline in the sense of {@code System.nanoTime()}
 */
record WaitingPublication(
        String channel, RedisKeys.ChannelKeys keys, String epoch, long offset, long deadline, MonoSink<Void> sink) {

    boolean isExpired(long now) {
        return now - deadline >= 0;
    }
}
