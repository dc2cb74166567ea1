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
 * compared with. Not a configuration class, so that the scan of {@link LoadServer} does not find it.
 */
@EnableAutoConfiguration(
        excludeName = {
            "dev.realtime.autoconfigure.RealtimeAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeEndpointAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeHealthAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeHttpApiAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeInfoAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeMetricsAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeSecretsAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeTokenAutoConfiguration",
            "dev.realtime.autoconfigure.RealtimeWebFluxAutoConfiguration"
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
