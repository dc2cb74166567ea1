package dev.realtime.webflux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import org.jspecify.annotations.Nullable;

/**
 * Buffer for the bytes of a client that did not wait for the reply to its handshake. They were read together with it,
 * so the HTTP codec holds them. When the upgrade removes the codec, it passes them to handlers behind the frame
 * decoder, which cannot read them. This handler keeps them until the connection is taken over and then decodes them.
 */
final class EarlyBytes extends ChannelInboundHandlerAdapter {

    private static final String NAME = "realtime.earlyBytes";

    private @Nullable ByteBuf bytes;

    private EarlyBytes() {}

    /** Adds a buffer before the upgrade, on the event loop. */
    static void install(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
        if (codec != null) {
            pipeline.addAfter(codec.name(), NAME, new EarlyBytes());
        }
    }

    /** Passes the bytes to the handler of this name, as if they had just been read. */
    static void replay(Channel channel, String decoder) {
        ChannelPipeline pipeline = channel.pipeline();
        EarlyBytes early = pipeline.get(EarlyBytes.class);
        if (early == null) {
            return;
        }
        ByteBuf bytes = early.bytes;
        early.bytes = null;
        pipeline.remove(early);
        if (bytes != null) {
            EarlyBytes reader = new EarlyBytes();
            pipeline.addBefore(decoder, NAME, reader);
            ChannelHandlerContext context = pipeline.context(reader);
            context.fireChannelRead(bytes);
            context.fireChannelReadComplete();
            pipeline.remove(reader);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf more) {
            bytes = bytes == null ? more : context.alloc().compositeBuffer().addComponents(true, bytes, more);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
