package dev.realtime.benchmarks;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * A WebFlux application with a socket that says nothing, without any of ours: what the start of {@link LoadServer} is
 * compared with.
 */
@EnableAutoConfiguration(
        excludeName = {
            "dev.realtime.autoconfigure.RealtimeAutoConfiguration",
            "dev.realtime.autoconfigure.actuate.RealtimeEndpointAutoConfiguration",
            "dev.realtime.autoconfigure.actuate.RealtimeHealthAutoConfiguration",
            "dev.realtime.autoconfigure.httpapi.RealtimeHttpApiAutoConfiguration",
            "dev.realtime.autoconfigure.actuate.RealtimeInfoAutoConfiguration",
            "dev.realtime.autoconfigure.actuate.RealtimeMetricsAutoConfiguration",
            "dev.realtime.autoconfigure.actuate.RealtimeSecretsAutoConfiguration",
            "dev.realtime.autoconfigure.token.RealtimeTokenAutoConfiguration",
            "dev.realtime.autoconfigure.webflux.RealtimeWebFluxAutoConfiguration"
        })
public class EmptyServer {

    public static void main(String[] arguments) {
        SpringApplication.run(EmptyServer.class, arguments);
    }

    @Bean
    HandlerMapping socket() {
        WebSocketHandler silent = session -> session.receive().then();
        return new SimpleUrlHandlerMapping(Map.of("/connection/websocket", silent), -1);
    }
}
