package dev.realtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.transport.RawWebSocketClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.annotation.DirtiesContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Method security of the blocking kind, which goes by the thread, decides about handlers of every style. */
@SpringBootTest(
        classes = MethodSecurityIntegrationTests.Office.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "realtime.client.handler-timeout=20s")
@DirtiesContext
class MethodSecurityIntegrationTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    @Import(OfficeHandlers.class)
    static class Office {}

    @RealtimeHandler
    static class OfficeHandlers {

        @OnConnect
        String connect(List<String> userAndPassword) {
            return userAndPassword.get(0);
        }

        @OnRpc("blocking")
        @PreAuthorize("authentication.name == 'boss'")
        String blocking() {
            return name();
        }

        @OnRpc("mono")
        @PreAuthorize("authentication.name == 'boss'")
        Mono<String> mono() {
            return Mono.just(name());
        }

        @OnSubscribe("feed")
        @PreAuthorize("authentication.name == 'boss'")
        Flux<String> feed() {
            return Flux.just(name());
        }

        private static String name() {
            return SecurityContextHolder.getContext().getAuthentication().getName();
        }
    }

    @LocalServerPort
    private int port;

    private RawWebSocketClient connect(String user) throws IOException {
        RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket");
        client.sendText("{\"id\":1,\"connect\":{\"data\":[\"" + user + "\"]}}");
        client.read();
        return client;
    }

    private static String ask(RawWebSocketClient client, String command) throws IOException {
        client.sendText(command.replace('\'', '"'));
        return client.read().text().replace('"', '\'');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':2,'rpc':{'method':'blocking'}}",
                "{'id':2,'rpc':{'method':'mono'}}",
                "{'id':2,'subscribe':{'channel':'feed'}}"
            })
    void denialIsPermissionDenied(String command) throws IOException {
        try (RawWebSocketClient client = connect("clerk")) {
            assertThat(ask(client, command)).isEqualTo("{'id':2,'error':{'code':103,'message':'permission denied'}}");
        }
    }

    @Test
    void userOfTheConnectHandlerIsTheOneMethodSecuritySees() throws IOException {
        try (RawWebSocketClient client = connect("boss")) {
            assertThat(ask(client, "{'id':2,'rpc':{'method':'blocking'}}")).isEqualTo("{'id':2,'rpc':{'data':'boss'}}");
            assertThat(ask(client, "{'id':3,'rpc':{'method':'mono'}}")).isEqualTo("{'id':3,'rpc':{'data':'boss'}}");
            assertThat(ask(client, "{'id':4,'subscribe':{'channel':'feed'}}")).isEqualTo("{'id':4,'subscribe':{}}");
            assertThat(client.read().text()).contains("\"data\":\"boss\"");
        }
    }
}
