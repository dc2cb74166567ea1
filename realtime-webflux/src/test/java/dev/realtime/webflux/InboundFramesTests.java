package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.netty.NettyPipeline;

/** Frames of one client on their way to the node. */
class InboundFramesTests {

    @Test
    void failureOfAFrameThatWasHeldEndsTheConnection() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(new WebSocket13FrameDecoder(
                        WebSocketDecoderConfig.newBuilder().build()))
                .addLast(new WebSocket13FrameEncoder(false))
                .addLast(NettyPipeline.ReactiveBridge, new ChannelInboundHandlerAdapter());
        AtomicReference<Transport> transport = new AtomicReference<>();
        AtomicBoolean closed = new AtomicBoolean();
        NettyTransport.open(
                channel,
                WireForm.JSON_WEBSOCKET,
                new TransportDescription("websocket", TransportCapabilities.WEBSOCKET, null, Map.of(), "/", ""),
                WebSocketOptions.DEFAULTS,
                null,
                opened -> {
                    transport.set(opened);
                    return listener(closed);
                });
        transport.get().pauseReading();
        BinaryWebSocketFrame fragment = new BinaryWebSocketFrame(false, 0, new OneBuffer().heapBuffer(8, 8));
        channel.pipeline().context(WebSocket13FrameDecoder.class).fireChannelRead(fragment);

        transport.get().resumeReading();
        channel.runPendingTasks();

        assertThat(closed).isTrue();
        channel.finishAndReleaseAll();
    }

    private static TransportListener listener(AtomicBoolean closed) {
        return new TransportListener() {

            @Override
            public void onMessage(ByteBuf frame) {}

            @Override
            public void onClosed() {
                closed.set(true);
            }
        };
    }

    /** Has memory for one buffer, and none to join fragments in. */
    private static final class OneBuffer extends AbstractByteBufAllocator {

        private boolean used;

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            if (used) {
                throw new IllegalStateException("no memory, on purpose");
            }
            used = true;
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return newHeapBuffer(initialCapacity, maxCapacity);
        }
    }
}
