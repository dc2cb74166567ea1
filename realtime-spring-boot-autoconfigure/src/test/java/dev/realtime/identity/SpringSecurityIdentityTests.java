package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.auth.token.TokenForge;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Spring Security identifies the user by any of its means, with nothing of ours configured. */
class SpringSecurityIdentityTests {

    private static final String SECRET = "a secret of more than thirty-two bytes";

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" type=\"hidden\" value=\"([^\"]+)\"");

    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.start(
                Application.class,
                "realtime.channel.namespaces.staff.presence=true",
                "realtime.channel.namespaces.chat.allow-subscribe-for-client=true");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    // ---- Identity of the user

    @Test
    void sessionOfAFormLoginIsTheUser() throws Exception {
        try (RawWebSocketClient client = application.open("Cookie: " + logIn())) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("alice")).hasSize(1);
        }
    }

    @Test
    void basicCredentialsAreTheUser() throws Exception {
        try (RawWebSocketClient client = application.open(basic("bob", "secret of bob"))) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("bob")).hasSize(1);
        }
    }

    @Test
    void wrongCredentialsDoNotEvenReachTheHandshake() throws Exception {
        assertThat(application.upgrade(basic("bob", "wrong"))).contains("401");
        assertThat(application.upgrade("Authorization: Bearer " + TokenForge.hs256("other", "{'sub':'bob'}")))
                .contains("401");
    }

    @Test
    void bearerTokenOfAResourceServerIsTheUser() throws Exception {
        String token = TokenForge.hs256(
                SECRET, "{'sub':'carol','exp':" + (Instant.now().getEpochSecond() + 60) + "}");
        try (RawWebSocketClient client = application.open("Authorization: Bearer " + token)) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("carol")).hasSize(1);
        }
    }

    @Test
    void tokenOfTheConnectCommandIsVerifiedByTheSameDecoderAndNamesTheUser() throws Exception {
        long expiry = Instant.now().getEpochSecond() + 60;
        String connect = "{'id':1,'connect':{'token':'"
                + TokenForge.hs256(SECRET, "{'sub':'dora','exp':" + expiry + "}") + "'}}";
        try (RawWebSocketClient client = application.open()) {
            assertThat(RunningApplication.ask(client, connect)).contains("'expires':true");
            assertThat(application.connections("dora")).hasSize(1);
        }
        assertThat(application.connect(
                        "{'id':1,'connect':{'token':'" + TokenForge.hs256("other", "{'sub':'dora'}") + "'}}"))
                .isEqualTo("close 3500");
        assertThat(application.connect("{'id':1,'connect':{'token':'"
                        + TokenForge.hs256(SECRET, "{'sub':'dora','exp':" + (expiry - 3600) + "}") + "'}}"))
                .contains("'code':109");
    }

    @Test
    void visitorWhoDidNotLogInIsNobodyThoughSpringSecurityNamesItAnonymousUser() throws Exception {
        assertThat(application.connect(CONNECT)).isEqualTo("close 3501");
        assertThat(application.connections("anonymousUser")).isEmpty();
    }

    // ---- What authorities are good for

    @Test
    void authorizerDecidesByAuthorities() throws Exception {
        String subscribe = "{'id':2,'subscribe':{'channel':'staff:room'}}";
        try (RawWebSocketClient bob = application.open(basic("bob", "secret of bob"));
                RawWebSocketClient alice = application.open("Cookie: " + logIn())) {
            RunningApplication.ask(bob, CONNECT);
            RunningApplication.ask(alice, CONNECT);

            assertThat(RunningApplication.ask(bob, subscribe)).isEqualTo("{'id':2,'subscribe':{}}");
            assertThat(RunningApplication.ask(alice, subscribe))
                    .isEqualTo("{'id':2,'error':{'code':103,'message':'permission denied'}}");
        }
    }

    // ---- Cross-site WebSocket hijacking

    @Test
    void pageOfAnotherSiteCannotConnectWithTheSessionOfAVisitor() throws Exception {
        String cookie = "Cookie: " + logIn();

        for (String origin : new String[] {
            "https://evil.example",
            "http://localhost.evil.example:" + application.port(),
            "http://evil.example#localhost:" + application.port(),
            "http://localhost:" + (application.port() + 1),
            "null"
        }) {
            assertThat(application.upgrade(cookie, "Origin: " + origin))
                    .as(origin)
                    .contains("403");
        }
        assertThat(application.upgrade(cookie, "Origin: http://localhost:" + application.port()))
                .contains("101");
    }

    @Test
    void csrfProtectionOfTheApplicationStaysAsItIs() throws Exception {
        HttpResponse<Void> forged = application
                .http()
                .send(
                        application
                                .request("/transfer")
                                .header("Cookie", logIn())
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.discarding());

        assertThat(forged.statusCode()).isEqualTo(403);
    }

    /** Logs in as a browser does, and gives the cookie of the session. */
    private static String logIn() throws IOException, InterruptedException {
        HttpResponse<String> form =
                application.http().send(application.request("/login").build(), BodyHandlers.ofString());
        Matcher csrf = CSRF.matcher(form.body());
        assertThat(csrf.find()).as("CSRF token of the login page").isTrue();
        String fields = "username=alice&password=" + encoded("secret of alice") + "&_csrf=" + encoded(csrf.group(1));
        HttpResponse<Void> loggedIn = application
                .http()
                .send(
                        application
                                .request("/login")
                                .header("Cookie", cookie(form))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(fields))
                                .build(),
                        BodyHandlers.discarding());
        assertThat(loggedIn.headers().firstValue("Location")).hasValue("/");
        return cookie(loggedIn);
    }

    private static String cookie(HttpResponse<?> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String basic(String user, String password) {
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    // tag::authorizer[]
    @Component
    static class StaffRooms implements ChannelAuthorizer {

        @Override
        public Mono<SubscriptionGrant> authorizeSubscribe(
                ClientIdentity client, Channel channel, @Nullable Payload data) {
            boolean staff = client.principal() instanceof Authentication user
                    && user.getAuthorities().stream()
                            .anyMatch(authority -> "ROLE_STAFF".equals(authority.getAuthority()));
            return channel.namespace().equals("staff") && staff ? Mono.just(SubscriptionGrant.PLAIN) : Mono.empty();
        }
    }
    // end::authorizer[]

    @RestController
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebFluxSecurity
    static class Application {

        // tag::chain[]
        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges
                            .pathMatchers("/connection/websocket")
                            .permitAll() // a client with a token has no session yet
                            .anyExchange()
                            .authenticated())
                    .formLogin(withDefaults())
                    .httpBasic(withDefaults())
                    .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                    .anonymous(withDefaults())
                    .build();
        }
        // end::chain[]

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(
                    User.withUsername("alice")
                            .password("{noop}secret of alice")
                            .roles("USER")
                            .build(),
                    User.withUsername("bob")
                            .password("{noop}secret of bob")
                            .roles("STAFF")
                            .build());
        }

        @Bean
        ReactiveJwtDecoder decoder() {
            return NimbusReactiveJwtDecoder.withSecretKey(
                            new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
                    .build();
        }

        @Bean
        StaffRooms staffRooms() {
            return new StaffRooms();
        }

        @PostMapping("/transfer")
        String transfer() {
            return "done";
        }
    }
}
