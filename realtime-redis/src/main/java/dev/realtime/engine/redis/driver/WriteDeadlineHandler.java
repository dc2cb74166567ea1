package dev.realtime.engine.redis.driver;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.WriteTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose peer takes no byte while some are waiting. Netty's own {@code WriteTimeoutHandler} has a
 * timer task for every write; this one has one per connection, and none while nothing waits.
 *
 * <p>All fields belong to the event loop of the channel.
 */
final class WriteDeadlineHandler extends ChannelOutboundHandlerAdapter {

    private final long timeoutNanos;

    /** Whether a check of the buffer is scheduled. */
    private boolean watching;

    /** Messages that were flushed so far, and those that wait for it. */
    private long flushed;

    private int unflushed;

    /** Progress of the socket at the last check: messages sent whole, and bytes of the next one. */
    private long sentMessages;

    private long sentBytes;

    WriteDeadlineHandler(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        unflushed++;
        context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        flushed += unflushed;
        unflushed = 0;
        context.flush();
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (!watching && buffer != null && !buffer.isEmpty()) {
            watch(context, buffer);
        }
    }

    private void watch(ChannelHandlerContext context, ChannelOutboundBuffer buffer) {
        watching = true;
        sentMessages = flushed - buffer.size();
        sentBytes = buffer.currentProgress();
        context.executor().schedule(() -> check(context), timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext context) {
        watching = false;
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            return;
        }
        if (sentMessages == flushed - buffer.size() && sentBytes == buffer.currentProgress()) {
            context.fireExceptionCaught(WriteTimeoutException.INSTANCE);
            context.close();
        } else {
            watch(context, buffer);
        }
    }
}
