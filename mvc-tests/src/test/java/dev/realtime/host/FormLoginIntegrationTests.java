package dev.realtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.ConnectedClient;
import dev.realtime.browser.Browser;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import dev.realtime.template.RealtimeTemplate;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;

/** Users log in by a form, and the session of the servlet container identifies their clients. */
@ParameterizedClass
@EnumSource(Container.class)
record FormLoginIntegrationTests(Container container) {

    private static final Class<?>[] APPLICATION = {HostApplication.class, LiveOrders.class};

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static RunningHost host;

    @BeforeParameterizedClassInvocation
    static void start(Container container) {
        host = RunningHost.start(container, APPLICATION);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        host.close();
    }

    @Test
    void sessionIsTheUser() throws Exception {
        try (RawWebSocketClient client = host.open(host.loggedIn("ann").cookie())) {
            assertThat(RunningHost.ask(client, CONNECT)).contains("'client':");

            List<ConnectedClient> connections =
                    host.bean(RealtimeTemplate.class).connections("ann");
            assertThat(connections).hasSize(1);
            assertThat(RunningHost.ask(client, "{'id':2,'rpc':{'method':'whoAmI'}}"))
                    .isEqualTo("{'id':2,'rpc':{'data':'ann'}}");
        }
    }

    @Test
    void clientWithoutALoginIsRefused() throws Exception {
        try (RawWebSocketClient client = host.open()) {
            assertThat(RunningHost.ask(client, CONNECT)).isEqualTo("close 3501");
        }
        try (RawWebSocketClient client = host.open("Cookie: JSESSIONID=made-up")) {
            assertThat(RunningHost.ask(client, CONNECT)).isEqualTo("close 3501");
        }
    }

    @Test
    void pageOfAnotherSiteCannotUseTheSession() throws Exception {
        String cookie = host.loggedIn("ann").cookie();

        assertThat(host.handshake(cookie, "Origin: https://evil.example")).contains(" 403");
        assertThat(host.handshake(cookie, "Origin: http://localhost:" + host.port()))
                .contains(" 101");
    }

    @Test
    void methodSecurityDecidesAboutSubscriptions() throws Exception {
        try (RawWebSocketClient client = host.open(host.loggedIn("ann").cookie())) {
            RunningHost.ask(client, CONNECT);

            assertThat(RunningHost.ask(client, "{'id':2,'subscribe':{'channel':'orders:bob'}}"))
                    .isEqualTo("{'id':2,'error':{'code':103,'message':'permission denied'}}");
            assertThat(RunningHost.ask(client, "{'id':3,'subscribe':{'channel':'orders:ann'}}"))
                    .isEqualTo("{'id':3,'subscribe':{}}");
        }
    }

    @Test
    void orderIsPublishedAfterItsTransaction() throws Exception {
        Browser browser = host.loggedIn("bob");
        try (RawWebSocketClient client = host.open(browser.cookie())) {
            RunningHost.ask(client, CONNECT);
            RunningHost.ask(client, "{'id':2,'subscribe':{'channel':'orders:bob'}}");

            assertThat(place(browser, "sold out")).isEqualTo(500);
            assertThat(place(browser, "tea")).isEqualTo(201);

            assertThat(RunningHost.next(client))
                    .contains("'channel':'orders:bob'", "'data':{'customer':'bob','item':'tea'}");
        }
    }

    private static int place(Browser browser, String item) throws Exception {
        // The page of the log-out has a CSRF token.
        return browser.postFrom("/logout", "/orders", Map.of("item", item)).statusCode();
    }

    @Test
    void logoutClosesTheConnectionsAndEndsTheSession() throws Exception {
        Browser browser = host.loggedIn("bob");
        String cookie = browser.cookie();
        try (RawWebSocketClient client = host.open(cookie)) {
            RunningHost.ask(client, CONNECT);

            browser.post("/logout", Map.of());

            assertThat(client.read().closeCode()).isEqualTo(3503);
        }
        try (RawWebSocketClient client = host.open(cookie)) {
            assertThat(RunningHost.ask(client, CONNECT)).isEqualTo("close 3501");
        }
    }

    /** As with {@code server.servlet.session.timeout}, of which a minute is the least. */
    @Test
    void connectionOutlivesTheTimeoutOfItsSession() throws Exception {
        Class<?>[] application = {HostApplication.class, LiveOrders.class, ShortSessions.class};
        try (RunningHost other = RunningHost.start(container, application)) {
            String cookie = other.loggedIn("ann").cookie();
            try (RawWebSocketClient client = other.open(cookie)) {
                RunningHost.ask(client, CONNECT);

                // Longer than the timeout: each handshake uses the session.
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofSeconds(4))
                        .untilAsserted(() -> {
                            try (RawWebSocketClient another = other.open(cookie)) {
                                assertThat(RunningHost.ask(another, CONNECT)).isEqualTo("close 3501");
                            }
                        });
                assertThat(RunningHost.ask(client, "{'id':2,'rpc':{'method':'whoAmI'}}"))
                        .isEqualTo("{'id':2,'rpc':{'data':'ann'}}");
            }
        }
    }

    /** Sessions of the container that end after two seconds without a request. */
    @Configuration(proxyBeanMethods = false)
    static class ShortSessions {

        @Bean
        ServletListenerRegistrationBean<HttpSessionListener> timeout() {
            return new ServletListenerRegistrationBean<>(new HttpSessionListener() {

                @Override
                public void sessionCreated(HttpSessionEvent event) {
                    event.getSession().setMaxInactiveInterval(2);
                }
            });
        }
    }

    @Test
    void filterChainOfTheApplicationGuardsTheApiUntilItIsExempted() throws Exception {
        int status = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + host.port() + "/api/info"))
                                .header("X-API-Key", RunningHost.KEY)
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();

        assertThat(status).isIn(302, 403);
    }

    @Test
    void shutdownIsSaidToClients() throws Exception {
        RunningHost other = RunningHost.start(container, APPLICATION, "server.shutdown=graceful");
        try (RawWebSocketClient client = other.open(other.loggedIn("ann").cookie())) {
            RunningHost.ask(client, CONNECT);

            CompletableFuture<Void> end = CompletableFuture.runAsync(other::close);
            Frame farewell = client.read();
            client.sendClose(farewell.closeCode());

            assertThat(farewell.closeCode()).isEqualTo(3001);
            assertThat(farewell.closeReason()).isEqualTo("shutdown");
            end.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void sessionOfSpringSessionIsTheUserToo() throws Exception {
        Class<?>[] application = {HostApplication.class, LiveOrders.class, Sessions.class};
        try (RunningHost other = RunningHost.start(container, application)) {
            Matcher session = Pattern.compile("SESSION=[^;]+")
                    .matcher(other.loggedIn("ann").cookie());
            assertThat(session.find()).isTrue();
            try (RawWebSocketClient client = other.open("Cookie: " + session.group())) {
                assertThat(RunningHost.ask(client, CONNECT)).contains("'client':");
                assertThat(RunningHost.ask(client, "{'id':2,'rpc':{'method':'whoAmI'}}"))
                        .isEqualTo("{'id':2,'rpc':{'data':'ann'}}");
            }
        }
    }

    /** Sessions in memory instead of those of the container. */
    @Configuration(proxyBeanMethods = false)
    @EnableSpringHttpSession
    static class Sessions {

        @Bean
        MapSessionRepository sessionRepository() {
            return new MapSessionRepository(new ConcurrentHashMap<>());
        }
    }

    @Test
    void chainThatSpringBootMakesAdmitsTheSessionToo() throws Exception {
        try (RunningHost plain = RunningHost.start(container, new Class<?>[] {HostApplication.class});
                RawWebSocketClient client = plain.open(plain.loggedIn("ann").cookie())) {
            assertThat(RunningHost.ask(client, CONNECT)).contains("'client':");
            assertThat(plain.handshake()).doesNotContain(" 101");
        }
    }
}
