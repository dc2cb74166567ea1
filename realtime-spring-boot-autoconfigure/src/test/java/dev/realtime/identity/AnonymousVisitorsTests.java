package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Visitors without a login are accepted as anonymous clients, beside users that are logged in. */
class AnonymousVisitorsTests {

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static final String DENIED = "{'id':2,'error':{'code':103,'message':'permission denied'}}";

    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.start(
                Application.class,
                "realtime.client.allow-anonymous-connect-without-token=true",
                "realtime.channel.namespaces.news.allow-subscribe-for-client=true",
                "realtime.channel.namespaces.news.allow-subscribe-for-anonymous=true",
                "realtime.channel.namespaces.members.allow-subscribe-for-client=true");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static String subscribe(String channel) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "'}}";
    }

    @Test
    void visitorIsNobodyAndMayDoWhatIsOpenToAnonymousClients() throws Exception {
        try (RawWebSocketClient client = application.open()) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");

            assertThat(application.connections("")).isNotEmpty();
            assertThat(application.connections("anonymousUser")).isEmpty();
            assertThat(RunningApplication.ask(client, subscribe("members:lobby")))
                    .isEqualTo(DENIED);
            assertThat(RunningApplication.ask(client, subscribe("news:today"))).isEqualTo("{'id':2,'subscribe':{}}");
        }
    }

    @Test
    void userWhoIsLoggedInIsThatUser() throws Exception {
        String credentials = Base64.getEncoder().encodeToString("ann:secret".getBytes());
        try (RawWebSocketClient client = application.open("Authorization: Basic " + credentials)) {
            RunningApplication.ask(client, CONNECT);

            assertThat(application.connections("ann")).hasSize(1);
            assertThat(RunningApplication.ask(client, subscribe("members:lobby")))
                    .isEqualTo("{'id':2,'subscribe':{}}");
        }
    }

    @Test
    void visitorWithABadTokenIsRefused() throws Exception {
        assertThat(application.connect("{'id':1,'connect':{'token':'bad'}}")).isEqualTo("close 3500");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebFluxSecurity
    static class Application {

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .httpBasic(withDefaults())
                    .anonymous(withDefaults())
                    .build();
        }

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(User.withUsername("ann")
                    .password("{noop}secret")
                    .roles("USER")
                    .build());
        }
    }
}
