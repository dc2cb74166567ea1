package dev.realtime.webflux;

import dev.realtime.web.WebSocketOptions;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.jetty.websocket.api.Configurable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.JettyCoreRequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.JettyRequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.StandardWebSocketUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Upgrade by the server that serves the request. Spring chooses by the class path, which is wrong for an application
 * that runs on Tomcat and has Reactor Netty for its HTTP client. This class chooses by the type of the response.
 *
 * <p>On Tomcat and Jetty the message size limit becomes the default of the whole context, because neither has a limit
 * per endpoint.
 */
final class ServerUpgradeStrategy implements RequestUpgradeStrategy {

    private static final boolean REACTOR_NETTY = isPresent("reactor.netty.http.server.HttpServerResponse");

    private static final String JETTY_CORE_RESPONSE = "org.eclipse.jetty.server.Response";

    private static final boolean JETTY_SERVLET =
            isPresent("org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer");

    private final WebSocketOptions options;

    private volatile @Nullable RequestUpgradeStrategy strategy;

    ServerUpgradeStrategy(WebSocketOptions options) {
        this.options = options;
    }

    @Override
    public Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler handler,
            @Nullable String subProtocol,
            Supplier<HandshakeInfo> handshakeInfoFactory) {
        RequestUpgradeStrategy strategy = this.strategy;
        if (strategy == null) {
            strategy = strategyFor(ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse()));
            this.strategy = strategy;
        }
        return strategy.upgrade(exchange, handler, subProtocol, handshakeInfoFactory);
    }

    private RequestUpgradeStrategy strategyFor(Object nativeResponse) {
        if (REACTOR_NETTY && ReactorNetty.sends(nativeResponse)) {
            return new NettyUpgradeStrategy(options);
        }
        if (isInstance(nativeResponse, JETTY_CORE_RESPONSE)) {
            return Jetty.core(options);
        }
        if (JETTY_SERVLET && nativeResponse.getClass().getName().startsWith("org.eclipse.jetty.")) {
            return Jetty.servlet(options);
        }
        StandardWebSocketUpgradeStrategy standard = new StandardWebSocketUpgradeStrategy();
        standard.setMaxTextMessageBufferSize(options.messageSizeLimit());
        standard.setMaxBinaryMessageBufferSize(options.messageSizeLimit());
        return standard;
    }

    private static boolean isInstance(Object object, String type) {
        ClassLoader loader = ServerUpgradeStrategy.class.getClassLoader();
        return ClassUtils.isPresent(type, loader)
                && ClassUtils.resolveClassName(type, loader).isInstance(object);
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, ServerUpgradeStrategy.class.getClassLoader());
    }

    /** Keeps the types of Jetty from being loaded where they are missing. */
    private static final class Jetty {

        /** Idle timeout after which Jetty itself closes a connection. */
        private static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(30);

        static RequestUpgradeStrategy core(WebSocketOptions options) {
            JettyCoreRequestUpgradeStrategy strategy = new JettyCoreRequestUpgradeStrategy();
            strategy.addWebSocketConfigurer(container -> configure(container, options));
            return strategy;
        }

        static RequestUpgradeStrategy servlet(WebSocketOptions options) {
            JettyRequestUpgradeStrategy strategy = new JettyRequestUpgradeStrategy();
            strategy.addWebSocketConfigurer(container -> configure(container, options));
            return strategy;
        }

        private static void configure(Configurable container, WebSocketOptions options) {
            container.setMaxTextMessageSize(options.messageSizeLimit());
            container.setMaxBinaryMessageSize(options.messageSizeLimit());
            container.setIdleTimeout(idleTimeout(options.pingInterval()));
        }

        /**
         * Returns a timeout that does not end an idle client between two pings; zero, for none, if it is not pinged.
         */
        private static Duration idleTimeout(Duration pingInterval) {
            Duration twoPings = pingInterval.multipliedBy(2);
            return !pingInterval.isZero() && twoPings.compareTo(MIN_IDLE_TIMEOUT) < 0 ? MIN_IDLE_TIMEOUT : twoPings;
        }
    }

    /** Keeps the types of Reactor Netty from being loaded where they are missing. */
    private static final class ReactorNetty {

        static boolean sends(Object response) {
            return response instanceof reactor.netty.http.server.HttpServerResponse;
        }
    }
}
