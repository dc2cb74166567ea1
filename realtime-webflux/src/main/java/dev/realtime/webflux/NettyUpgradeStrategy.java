package dev.realtime.webflux;

import dev.realtime.web.DeflateOffers;
import dev.realtime.web.WebSocketOptions;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
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
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Upgrade of requests on Reactor Netty as in Spring, with a session that exposes its channel. */
final class NettyUpgradeStrategy implements RequestUpgradeStrategy {

    private final WebSocketOptions options;

    NettyUpgradeStrategy(WebSocketOptions options) {
        this.options = options;
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
        Mono<Void> upgrade = Mono.defer(() -> {
            boolean compressed = compresses(nativeRequest.requestHeaders(), nativeResponse);
            normalize(nativeRequest.requestHeaders(), subProtocol);
            if (compressed) {
                nativeResponse.header(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, DeflateOffers.WITHOUT_CONTEXT);
            }
            nativeResponse.withConnection(connection -> EarlyBytes.install(connection.channel()));
            return nativeResponse.sendWebsocket(
                    (in, out) -> handler.handle(
                            new Session(in, out, handshakeInfo, bufferFactory, options.messageSizeLimit(), compressed)),
                    spec(subProtocol));
        });
        // Completing the response runs what filters have registered to be done before it is committed.
        return response.setComplete().then(onEventLoop(nativeResponse, upgrade));
    }

    /**
     * Upgrades on the event loop of the channel, even if filters of the application switched to another thread, as
     * those of Spring Security do to check a password. On another thread the first frame of a fast client could be read
     * between the reply to its handshake and the handler taking over the channel, and be lost.
     */
    private static Mono<Void> onEventLoop(HttpServerResponse response, Mono<Void> upgrade) {
        EventLoop eventLoop = channel(response).eventLoop();
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
    private boolean compresses(HttpHeaders headers, HttpServerResponse response) {
        return options.compression()
                && channel(response) instanceof DuplexChannel
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
        WebsocketServerSpec.Builder spec =
                WebsocketServerSpec.builder().maxFramePayloadLength(options.messageSizeLimit());
        if (subProtocol != null) {
            spec.protocols(subProtocol);
        }
        return spec.build();
    }

    /** Session of Spring that exposes its channel. */
    static final class Session extends ReactorNettyWebSocketSession {

        private final @Nullable Channel channel;

        private final boolean compressed;

        Session(
                WebsocketInbound in,
                WebsocketOutbound out,
                HandshakeInfo handshakeInfo,
                NettyDataBufferFactory bufferFactory,
                int maxFramePayloadLength,
                boolean compressed) {
            super(in, out, handshakeInfo, bufferFactory, maxFramePayloadLength);
            AtomicReference<Channel> channel = new AtomicReference<>();
            in.withConnection(connection -> channel.set(connection.channel()));
            this.channel = channel.get() instanceof DuplexChannel ? channel.get() : null;
            this.compressed = compressed;
        }

        /** Returns whether messages are compressed (RFC 7692). */
        boolean compressed() {
            return compressed;
        }

        /** Returns the channel of the socket, or null if the session is a stream of HTTP/2. */
        @Nullable
        Channel channel() {
            return channel;
        }
    }
}
