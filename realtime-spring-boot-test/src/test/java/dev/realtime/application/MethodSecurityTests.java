package dev.realtime.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestSubscription;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Method security of the blocking kind, which goes by the thread, decides about handlers of every style. */
@SpringBootTest(
        classes = MethodSecurityTests.Office.class,
        webEnvironment = WebEnvironment.NONE,
        properties = "realtime.client.handler-timeout=20s")
@AutoConfigureRealtime
class MethodSecurityTests {

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

    @Autowired
    private RealtimeTestClients clients;

    private RealtimeTestClient connect(String user) {
        return clients.client().data(List.of(user)).connect();
    }

    @Test
    void denialIsPermissionDenied() {
        RealtimeTestClient clerk = connect("clerk");

        clerk.rpc("blocking").expectError(103);
        clerk.rpc("mono").expectError(103);
        clerk.subscribe("feed").expectError(103);
    }

    @Test
    void userOfTheConnectHandlerIsTheOneMethodSecuritySees() {
        RealtimeTestClient boss = connect("boss");

        assertThat(boss.rpc("blocking").data(String.class)).isEqualTo("boss");
        assertThat(boss.rpc("mono").data(String.class)).isEqualTo("boss");
        RealtimeTestSubscription feed = boss.subscribe("feed").expectSubscribed();
        assertThat(feed.awaitPublication(String.class)).isEqualTo("boss");
    }
}
