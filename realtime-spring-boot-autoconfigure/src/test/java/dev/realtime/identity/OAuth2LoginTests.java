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
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Users log in at an OpenID provider, and the cookie of their session identifies the client. */
class OAuth2LoginTests {

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static AuthorizationServer provider;

    private static RunningApplication application;

    @BeforeAll
    static void start() {
        provider = AuthorizationServer.start();
        application = RunningApplication.start(Application.class, "provider=" + provider.issuer());
    }

    @AfterAll
    static void stop() {
        application.close();
        provider.close();
    }

    private static Browser loggedIn(String user) throws Exception {
        provider.loggedIn(user);
        Browser browser = new Browser(application.port());
        browser.get("/oauth2/authorization/provider");
        return browser;
    }

    @Test
    void userOfTheProviderIsTheUser() throws Exception {
        try (RawWebSocketClient client = application.open(loggedIn("ann").cookie())) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("ann")).hasSize(1);
        }
    }

    @Test
    void clientWithoutALoginIsRefused() throws Exception {
        assertThat(application.connect(CONNECT)).isEqualTo("close 3501");
    }

    @Test
    void codeThatTheProviderDidNotGiveIsNoLogin() throws Exception {
        Browser browser = new Browser(application.port());

        browser.get("/login/oauth2/code/provider?code=made-up&state=made-up");

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

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebFluxSecurity
    static class Application {

        // tag::chain[]
        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http, RealtimeClients clients) {
            return http.authorizeExchange(exchanges -> exchanges
                            .pathMatchers("/connection/websocket")
                            .permitAll()
                            .anyExchange()
                            .authenticated())
                    .oauth2Login(withDefaults())
                    .logout(logout -> logout.logoutHandler(
                            handlers -> handlers.add((exchange, user) -> clients.disconnect(user.getName()))))
                    .build();
        }
        // end::chain[]

        /** As Spring Boot makes it of {@code spring.security.oauth2.client.*}. */
        @Bean
        ReactiveClientRegistrationRepository registrations(@Value("${provider}") String issuer) {
            return new InMemoryReactiveClientRegistrationRepository(ClientRegistrations.fromIssuerLocation(issuer)
                    .registrationId("provider")
                    .clientId(AuthorizationServer.CLIENT)
                    .clientSecret(AuthorizationServer.CLIENT_SECRET)
                    .scope("openid", "profile")
                    .userNameAttributeName("preferred_username")
                    .build());
        }
    }
}
