package dev.realtime.webflux.stream;

import dev.realtime.web.stream.StreamTransport;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;

/**
 * Handler of the channel of a stream, in the place of the HTTP codec. What the client sends after its request is read
 * and dropped, so that its end is noticed; the connection serves no other request.
 */
final class StreamHandler extends ChannelDuplexHandler {

    static final String NAME = "realtime.stream";

    private final ChannelOutput output;

    private final StreamTransport transport;

    StreamHandler(ChannelOutput output, StreamTransport transport) {
        this.output = output;
        this.transport = transport;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        output.onWritable();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        output.cancelTimer();
        try {
            transport.ended();
        } finally {
            context.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        context.close();
    }

    /** Swallows the end of the response that Reactor Netty writes when it lets go of the request. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpObject) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        } else {
            context.write(message, promise);
        }
    }
}
