package dev.realtime.webflux;

import dev.realtime.web.DeflateOffers;
import dev.realtime.web.MessageCompression;
import dev.realtime.web.WebSocketOptions;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.adapter.ReactorNettyWebSocketSession;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/**
 * Upgrade of requests on Reactor Netty as in Spring, but without a session for {@link RealtimeWebSocketHandler}, which
 * serves its clients on their channel. A stream of HTTP/2 has none of its own, so it gets a session of Spring.
 */
final class NettyUpgradeStrategy implements RequestUpgradeStrategy {

    private final WebSocketOptions options;

    private final WebsocketServerSpec withoutSubprotocol;

    /** Specifications by subprotocol, of which the server has two. */
    private final Map<String, WebsocketServerSpec> specs = new ConcurrentHashMap<>();

    NettyUpgradeStrategy(WebSocketOptions options) {
        this.options = options;
        this.withoutSubprotocol = createSpec(null);
    }

    @Override
    public Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler handler,
            @Nullable String subProtocol,
            Supplier<HandshakeInfo> handshakeInfoFactory) {
        ServerHttpResponse response = exchange.getResponse();
        HttpServerResponse nativeResponse = ServerHttpResponseDecorator.getNativeResponse(response);
        NettyDataBufferFactory bufferFactory = (NettyDataBufferFactory) response.bufferFactory();
        HandshakeInfo handshakeInfo = handshakeInfoFactory.get();
        HttpServerRequest nativeRequest = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        Channel channel = channel(nativeResponse);
        Mono<Void> upgrade = Mono.defer(() -> {
            boolean compressed = compresses(nativeRequest.requestHeaders(), channel);
            normalize(nativeRequest.requestHeaders(), subProtocol);
            if (compressed) {
                nativeResponse.header(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, DeflateOffers.WITHOUT_CONTEXT);
            }
            EarlyBytes.install(channel);
            return nativeResponse.sendWebsocket(
                    (in, out) ->
                            handler instanceof RealtimeWebSocketHandler realtime && channel instanceof DuplexChannel
                                    ? realtime.handle(handshakeInfo, serving(channel, compressed))
                                    : handler.handle(new ReactorNettyWebSocketSession(
                                            in, out, handshakeInfo, bufferFactory, options.messageSizeLimit())),
                    spec(subProtocol));
        });
        // Completing the response runs what filters have registered to be done before it is committed.
        return response.setComplete().then(onEventLoop(channel.eventLoop(), upgrade));
    }

    private static RealtimeWebSocketHandler.Serving serving(Channel channel, boolean compressed) {
        return (wireForm, description, options, compression, node) -> {
            MessageCompression negotiated = compressed ? compression : null;
            Runnable open = () -> NettyTransport.open(channel, wireForm, description, options, negotiated, node);
            if (channel.eventLoop().inEventLoop()) {
                open.run();
            } else {
                channel.eventLoop().execute(open);
            }
            return FutureMono.from(channel.closeFuture());
        };
    }

    /**
     * Upgrades on the event loop of the channel, even if filters of the application switched to another thread, as
     * those of Spring Security do to check a password. On another thread the first frame of a fast client could be read
     * between the reply to its handshake and the handler taking over the channel, and be lost.
     */
    private static Mono<Void> onEventLoop(EventLoop eventLoop, Mono<Void> upgrade) {
        return Mono.defer(
                () -> eventLoop.inEventLoop() ? upgrade : upgrade.subscribeOn(Schedulers.fromExecutor(eventLoop)));
    }

    private static Channel channel(HttpServerResponse response) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        return channel.get();
    }

    /**
     * Returns whether messages are compressed. Reactor Netty does not negotiate it, because its compressor keeps a
     * window for each client that does not decline one: about 300 KB, and no bytes that clients could share.
     */
    private boolean compresses(HttpHeaders headers, Channel channel) {
        return options.compression()
                && channel instanceof DuplexChannel
                && DeflateOffers.acceptable(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    }

    /**
     * Rewrites the headers into the form that Netty's handshake reads. With a list on several lines, or with unexpected
     * entries, Netty fails, or replies with 101 without the subprotocol and never calls the handler.
     */
    private static void normalize(HttpHeaders headers, @Nullable String subProtocol) {
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        if (subProtocol == null) {
            headers.remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        } else {
            headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subProtocol);
        }
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
    }

    private WebsocketServerSpec spec(@Nullable String subProtocol) {
        return subProtocol == null ? withoutSubprotocol : specs.computeIfAbsent(subProtocol, this::createSpec);
    }

    private WebsocketServerSpec createSpec(@Nullable String subProtocol) {
        WebsocketServerSpec.Builder spec =
                WebsocketServerSpec.builder().maxFramePayloadLength(options.messageSizeLimit());
        if (subProtocol != null) {
            spec.protocols(subProtocol);
        }
        return spec.build();
    }
}
