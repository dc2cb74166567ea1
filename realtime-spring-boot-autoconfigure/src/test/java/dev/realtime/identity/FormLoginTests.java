package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.api.RealtimeClients;
import dev.realtime.browser.Browser;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.util.Map;
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
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/** Users log in by a form, and the cookie of their session identifies the client. */
class FormLoginTests {

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.start(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static Browser loggedIn(String user) throws Exception {
        Browser browser = new Browser(application.port());
        browser.post("/login", Map.of("username", user, "password", "secret"));
        return browser;
    }

    @Test
    void sessionIsTheUser() throws Exception {
        try (RawWebSocketClient client = application.open(loggedIn("ann").cookie())) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("ann")).hasSize(1);
        }
    }

    @Test
    void clientWithoutALoginIsRefused() throws Exception {
        assertThat(application.connect(CONNECT)).isEqualTo("close 3501");
        assertThat(application.connect(CONNECT, "Cookie: SESSION=made-up")).isEqualTo("close 3501");
    }

    @Test
    void loginWithAWrongPasswordIsNoLogin() throws Exception {
        Browser browser = new Browser(application.port());
        browser.post("/login", Map.of("username", "ann", "password", "wrong"));

        assertThat(application.connect(CONNECT, browser.cookie())).isEqualTo("close 3501");
    }

    @Test
    void logoutClosesTheConnectionsAndEndsTheSession() throws Exception {
        Browser browser = loggedIn("bob");
        String cookie = browser.cookie();
        try (RawWebSocketClient client = application.open(cookie)) {
            RunningApplication.ask(client, CONNECT);

            browser.post("/logout", Map.of());

            assertThat(client.read().closeCode()).isEqualTo(3503);
        }
        assertThat(application.connect(CONNECT, cookie)).isEqualTo("close 3501");
    }

    @Test
    void connectionOutlivesASessionThatEndsByItself() throws Exception {
        Browser browser = loggedIn("eve");
        String cookie = browser.cookie();
        try (RawWebSocketClient client = application.open(cookie)) {
            RunningApplication.ask(client, CONNECT);

            browser.get("/expire");

            assertThat(RunningApplication.ask(client, "{'id':2,'subscribe':{'channel':'news'}}"))
                    .isEqualTo("{'id':2,'error':{'code':103,'message':'permission denied'}}");
            assertThat(application.connections("eve")).hasSize(1);
        }
        assertThat(application.connect(CONNECT, cookie)).isEqualTo("close 3501");
    }

    @RestController
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebFluxSecurity
    static class Application {

        // tag::chain[]
        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http, RealtimeClients clients) {
            return http.authorizeExchange(exchanges -> exchanges
                            .pathMatchers("/connection/websocket")
                            .permitAll() // clients that are not logged in get disconnect 3501, which SDKs understand
                            .anyExchange()
                            .authenticated())
                    .formLogin(withDefaults())
                    .logout(logout -> logout.logoutHandler(
                            handlers -> handlers.add((exchange, user) -> clients.disconnect(user.getName()))))
                    .build();
        }
        // end::chain[]

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(user("ann"), user("bob"), user("eve"));
        }

        private static UserDetails user(String name) {
            return User.withUsername(name)
                    .password("{noop}secret")
                    .roles("USER")
                    .build();
        }

        /** Stands for the time after which a session ends. */
        @GetMapping("/expire")
        Mono<Void> expire(WebSession session) {
            return session.invalidate();
        }
    }
}
