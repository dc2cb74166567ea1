package dev.realtime.benchmarks.stomp;

import org.apache.tomcat.websocket.server.WsContextListener;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * Application with Spring's simple broker, as its reference documentation sets it up: STOMP over WebSocket on
 * {@code /stomp}, topics below {@code /topic}. Messages that clients send to a topic reach its subscribers without a
 * controller between. Executors, buffers and limits are Spring's defaults.
 */
@SpringBootApplication
@EnableWebSocketMessageBroker
public class StompServer implements WebSocketMessageBrokerConfigurer {

    public static void main(String[] arguments) {
        SpringApplication.run(StompServer.class, arguments);
    }

    /** Adds WebSocket to Tomcat, as Boot's module for it does. */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> sockets() {
        return factory -> factory.addContextCustomizers(
                context -> context.addApplicationListener(WsContextListener.class.getName()));
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/stomp").setAllowedOriginPatterns("*");
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/topic");
    }
}
