package dev.realtime.webflux.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that a socket may accept no byte while some are waiting. There is a timer only while some are. Confined to the
 * event loop.
 */
final class WriteTimeout {

    private final Channel channel;

    private final long nanos;

    private final Runnable onTimeout;

    /** Null while the socket accepts everything. */
    private @Nullable Future<?> timer;

    /** @param timeout zero for no limit */
    WriteTimeout(Channel channel, Duration timeout, Runnable onTimeout) {
        this.channel = channel;
        this.nanos = timeout.toNanos();
        this.onTimeout = onTimeout;
    }

    /**
     * Starts to check a socket that did not accept everything of a flush.
     *
     * @param sent number of buffers that TLS has sent: it reuses its buffers, so they cannot be distinguished
     */
    void watch(LongSupplier sent) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (timer == null && queue != null && !queue.isEmpty() && nanos > 0) {
            watch(queue, sent);
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void watch(ChannelOutboundBuffer queue, LongSupplier sent) {
        Object bytes = queue.current();
        long progress = queue.currentProgress();
        long sentBefore = sent.getAsLong();
        timer = channel.eventLoop()
                .schedule(
                        () -> {
                            timer = null;
                            if (queue.isEmpty()) {
                                return;
                            }
                            boolean stuck = queue.current() == bytes
                                    && queue.currentProgress() == progress
                                    && sent.getAsLong() == sentBefore;
                            if (stuck) {
                                onTimeout.run();
                            } else {
                                watch(queue, sent);
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }
}
