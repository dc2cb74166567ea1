package dev.realtime.webflux;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.adapter.ReactorNettyWebSocketSession;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Upgrades requests on Reactor Netty as Spring does, with a session that shows the channel under it. */
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
        Mono<Void> upgrade = Mono.defer(() -> nativeResponse.sendWebsocket(
                (in, out) ->
                        handler.handle(new Session(in, out, handshakeInfo, bufferFactory, options.messageSizeLimit())),
                spec(subProtocol)));
        // Completing the response runs what filters have registered to be done before it is committed.
        return response.setComplete().then(onEventLoop(nativeResponse, upgrade));
    }

    /**
     * Upgrades on the event loop of the channel, whatever thread filters of the application went to, as those of Spring Security
     * do to check a password. Elsewhere the first frame of a quick client could be read between the answer to its handshake and
     * the handler taking over the channel, and be lost.
     */
    private static Mono<Void> onEventLoop(HttpServerResponse response, Mono<Void> upgrade) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        EventLoop eventLoop = channel.get().eventLoop();
        return Mono.defer(
                () -> eventLoop.inEventLoop() ? upgrade : upgrade.subscribeOn(Schedulers.fromExecutor(eventLoop)));
    }

    private WebsocketServerSpec spec(@Nullable String subProtocol) {
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(options.messageSizeLimit())
                .compress(options.compression())
                .compressionAllowServerNoContext(true)
                .compressionPreferredClientNoContext(true)
                .maxDecompressionBufferSize(options.messageSizeLimit());
        if (subProtocol != null) {
            spec.protocols(subProtocol);
        }
        return spec.build();
    }

    /** Spring's session, which also gives out its channel. */
    static final class Session extends ReactorNettyWebSocketSession {

        private final @Nullable Channel channel;

        Session(
                WebsocketInbound in,
                WebsocketOutbound out,
                HandshakeInfo handshakeInfo,
                NettyDataBufferFactory bufferFactory,
                int maxFramePayloadLength) {
            super(in, out, handshakeInfo, bufferFactory, maxFramePayloadLength);
            AtomicReference<Channel> channel = new AtomicReference<>();
            in.withConnection(connection -> channel.set(connection.channel()));
            this.channel = channel.get() instanceof DuplexChannel ? channel.get() : null;
        }

        /** The socket's channel; null where the session has no socket of its own but a stream of HTTP/2. */
        @Nullable
        Channel channel() {
            return channel;
        }
    }
}
