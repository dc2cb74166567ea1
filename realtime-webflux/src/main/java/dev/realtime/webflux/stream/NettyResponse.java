package dev.realtime.webflux.stream;

import dev.realtime.web.stream.StreamTransport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Response of Reactor Netty whose head it sends, and whose connection is then taken from it, as an upgrade to WebSocket
 * does: the HTTP handlers leave the pipeline, and the request, with everything that filters of the application attached
 * to it, is released while the stream lasts.
 *
 * <p>The order is:
 *
 * <ol>
 *   <li>Spring commits status and headers, Reactor Netty encodes and writes the head.
 *   <li>On the event loop, {@link StreamHandler} replaces the HTTP handlers.
 *   <li>The stream begins.
 *   <li>The handling of the request completes. Reactor Netty writes the end of the response, which the handler
 *       swallows, and forgets the request.
 * </ol>
 */
final class NettyResponse {

    /** Handlers that a stream does without. Others, such as an access log, want to see the response. */
    private static final Set<String> HTTP_HANDLERS =
            Set.of(NettyPipeline.HttpCodec, NettyPipeline.HttpTrafficHandler, NettyPipeline.CompressionHandler);

    private final Channel channel;

    private final HttpServerRequest request;

    private final HttpServerResponse response;

    private final ServerHttpResponse springResponse;

    private NettyResponse(
            Channel channel,
            HttpServerRequest request,
            HttpServerResponse response,
            ServerHttpResponse springResponse) {
        this.channel = channel;
        this.request = request;
        this.response = response;
        this.springResponse = springResponse;
    }

    /** Returns the channel of a response, or null if another server than Reactor Netty sends it. */
    static @Nullable Channel channel(ServerHttpResponse springResponse) {
        Object nativeResponse = ServerHttpResponseDecorator.getNativeResponse(springResponse);
        if (!(nativeResponse instanceof HttpServerResponse response)) {
            return null;
        }
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        return channel.get();
    }

    /** Returns the response if its channel can be taken, or null: on HTTP/2, or if other handlers take part. */
    static @Nullable NettyResponse of(
            Channel channel, ServerHttpRequest springRequest, ServerHttpResponse springResponse) {
        Object request = ServerHttpRequestDecorator.getNativeRequest(springRequest);
        if (!(channel instanceof DuplexChannel)
                || !isPlain(channel.pipeline())
                || !(request instanceof HttpServerRequest nativeRequest)) {
            return null;
        }
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(springResponse);
        return new NettyResponse(channel, nativeRequest, response, springResponse);
    }

    private static boolean isPlain(ChannelPipeline pipeline) {
        if (!(pipeline.get(NettyPipeline.HttpCodec) instanceof HttpServerCodec)) {
            return false;
        }
        boolean belowCodec = true;
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            belowCodec &= !entry.getKey().equals(NettyPipeline.HttpCodec);
            if (!belowCodec
                    && !HTTP_HANDLERS.contains(entry.getKey())
                    && !entry.getKey().equals(NettyPipeline.ReactiveBridge)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the response has chunks. */
    boolean isChunked() {
        return isChunked(request);
    }

    /** HTTP/1.0 has no chunks, and its response ends with the connection. */
    private static boolean isChunked(HttpServerRequest request) {
        return request.version().isKeepAliveDefault();
    }

    /** Makes a response to a client of HTTP/1.0 end with the connection. */
    static void adapt(ServerHttpRequest springRequest, ServerHttpResponse springResponse) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(springRequest);
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(springResponse);
        if (!isChunked(request)) {
            response.chunkedTransfer(false).keepAlive(false);
        }
    }

    /**
     * Sends the head and begins the stream; completes when that is done. The status and headers must be set.
     *
     * @param begun called on the event loop when the output has begun, unless the client has gone
     */
    Mono<Void> begin(ChannelOutput output, StreamTransport transport, SharedChunks chunks, Runnable begun) {
        Mono<Void> head = Mono.defer(() -> {
            // Compression of a response that never ends is not wanted, even if the application compresses all others.
            request.requestHeaders().remove(HttpHeaderNames.ACCEPT_ENCODING);
            // A client or a proxy must not keep a connection for its next request that is closed after the stream.
            response.chunkedTransfer(isChunked()).keepAlive(false);
            return response.sendHeaders().then();
        });
        Mono<Void> stream = head.then(Mono.fromRunnable(() -> {
            if (takeOver(output, transport, chunks)) {
                begun.run();
            } else {
                transport.ended();
            }
        }));
        // Completing the response runs what filters have registered to be done before it is committed.
        return springResponse.setComplete().then(onEventLoop(stream));
    }

    private Mono<Void> onEventLoop(Mono<Void> task) {
        EventLoop eventLoop = channel.eventLoop();
        return Mono.defer(() -> eventLoop.inEventLoop() ? task : task.subscribeOn(Schedulers.fromExecutor(eventLoop)));
    }

    /** Returns whether the channel was still open. */
    private boolean takeOver(ChannelOutput output, StreamTransport transport, SharedChunks chunks) {
        if (!channel.isActive()) {
            return false;
        }
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addAfter(NettyPipeline.HttpCodec, StreamHandler.NAME, new StreamHandler(output, transport));
        // Those nearest to the client last: what they hold of its next request goes to the new handler, which drops it.
        for (String name : List.copyOf(pipeline.names())) {
            if (HTTP_HANDLERS.contains(name) && !name.equals(NettyPipeline.HttpCodec)) {
                pipeline.remove(name);
            }
        }
        pipeline.remove(NettyPipeline.HttpCodec);
        channel.config().setAutoRead(true);
        output.begin(pipeline.context(StreamHandler.NAME), chunks.get(channel.eventLoop()));
        return true;
    }
}
