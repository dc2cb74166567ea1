package dev.realtime.starter;

import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.netty.http.server.WebsocketServerSpec;

/** An application with a life of its own: an API under {@code /api} and a socket with settings of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class HostApplication {

    /** Longest frame of the application's own socket. */
    static final int OWN_FRAME_LIMIT = 16;

    @Bean
    HandlerMapping ownSockets() {
        WebSocketHandler echo = session -> session.send(
                session.receive().map(message -> session.textMessage("own " + message.getPayloadAsText())));
        return new SimpleUrlHandlerMapping(Map.of("/own/socket", echo), 10);
    }

    @Bean
    WebFluxConfigurer ownSettings() {
        return new WebFluxConfigurer() {
            @Override
            public WebSocketService getWebSocketService() {
                return new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy(
                        () -> WebsocketServerSpec.builder().maxFramePayloadLength(OWN_FRAME_LIMIT)));
            }
        };
    }

    @RestController
    @RequestMapping("/api")
    static class OwnApi {

        @GetMapping("/{method}")
        String answer(@PathVariable String method) {
            return "own " + method;
        }
    }
}
