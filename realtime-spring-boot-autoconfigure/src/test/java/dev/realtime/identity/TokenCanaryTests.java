package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimeClients;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.auth.token.TokenForge;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Secrets and tokens are planted and everything is done with them that can be: none may be in the logs at any level, in
 * what clients receive, or in what Actuator shows, though it is configured to show all values. And a server that tokens
 * name as the place of their keys is never called.
 */
class TokenCanaryTests {

    private static final String SECRET = "canary-secret-of-more-than-thirty-two-bytes";

    private static final String PREVIOUS = "canary-previous-secret-of-more-than-thirty-two-bytes";

    private static final String SUBSCRIPTIONS = "canary-subscription-secret-of-more-than-thirty-two-bytes";

    private final List<String> tokens = new ArrayList<>();

    private final List<String> told = new ArrayList<>();

    @Test
    void secretsAndTokensAreShownNowhereAndNobodyIsCalled() throws Exception {
        List<String> lines;
        try (ServerSocket trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            try (EverythingLogged log = new EverythingLogged();
                    RunningApplication application = start(log)) {
                useGoodTokens(application);
                useBadTokens(application, "http://127.0.0.1:" + trap.getLocalPort());
                told.add(get(application, "/actuator/env"));
                told.add(get(application, "/actuator/configprops"));
                told.add(get(application, "/actuator/health"));
                lines = log.lines();
            }
            assertNobodyCalled(trap);
        }

        assertThat(lines).anyMatch(line -> line.contains("the connection token "));
        assertThat(lines).anyMatch(line -> line.contains("the subscription token "));
        assertThat(told).anyMatch(text -> text.contains("realtime.client.token.hmac-secret-key"));
        for (String canary : canaries()) {
            assertThat(lines).as("log").noneMatch(line -> line.contains(canary));
            assertThat(told).as("told").noneMatch(text -> text.contains(canary));
        }
    }

    private static RunningApplication start(EverythingLogged log) {
        return RunningApplication.start(
                Application.class,
                context -> log.begin(),
                "realtime.client.token.hmac-secret-key=" + SECRET,
                "realtime.client.token.hmac-previous-secret-key=" + PREVIOUS,
                "realtime.client.subscription-token.enabled=true",
                "realtime.client.subscription-token.hmac-secret-key=" + SUBSCRIPTIONS,
                "realtime.channel.namespaces.chat.presence=true",
                "management.endpoints.web.exposure.include=env,configprops,health",
                "management.endpoint.env.show-values=always",
                "management.endpoint.configprops.show-values=always",
                "management.endpoint.health.show-details=always");
    }

    /** The secrets, and the parts of tokens that are not the same for all. */
    private List<String> canaries() {
        return Stream.concat(
                        Stream.of(SECRET, PREVIOUS, SUBSCRIPTIONS),
                        tokens.stream()
                                .flatMap(token ->
                                        Stream.of(token.split("\\.")).skip(1).filter(part -> part.length() > 12)))
                .toList();
    }

    private void useGoodTokens(RunningApplication application) throws IOException {
        RealtimeTokenIssuer issuer = application.bean(RealtimeTokenIssuer.class);
        for (String connection : List.of(
                remembered(issuer.connection("alice").channel("chat:own").mint()),
                remembered(TokenForge.hs256(PREVIOUS, "{'sub':'alice','exp':" + (now() + 600) + "}")))) {
            try (RawWebSocketClient client = application.open()) {
                assertThat(tell(client, connect(connection))).contains("'client':");
                assertThat(tell(client, subscribe(remembered(issuer.subscriptionToken("alice", "chat:a")))))
                        .contains("'expires':true");
                assertThat(tell(
                                client,
                                "{'id':3,'sub_refresh':{'channel':'chat:a','token':'"
                                        + remembered(issuer.subscriptionToken("alice", "chat:a")) + "'}}"))
                        .contains("'expires':true");
                String same = connection.equals(tokens.get(0))
                        ? issuer.connection("alice").channel("chat:own").mint()
                        : issuer.connectionToken("alice");
                assertThat(tell(client, "{'id':4,'refresh':{'token':'" + remembered(same) + "'}}"))
                        .contains("'expires':true");
                application.bean(RealtimeClients.class).disconnect("alice").block();
            }
        }
    }

    private void useBadTokens(RunningApplication application, String trap) throws IOException {
        String place = trap + "/canary";
        for (String token : List.of(
                TokenForge.hs256("another secret", "{'sub':'mallory'}"),
                TokenForge.hs256(SECRET, "{'sub':'mallory','exp':" + (now() - 60) + "}"),
                TokenForge.hs256(SECRET, "{'sub':'mallory','sub':'alice'}"),
                TokenForge.hs256(SECRET, "{'sub':7}"),
                TokenForge.hs256(SECRET, "{'sub':'mallory','iss':'" + place + "'"),
                TokenForge.hmac(
                        "{'alg':'HS256','kid':'" + place + "'}", "{'sub':'mallory'}", "HmacSHA256", "k".getBytes()),
                TokenForge.hmac(
                        "{'alg':'HS256','jku':'" + place + "'}", "{'sub':'mallory'}", "HmacSHA256", "k".getBytes()),
                TokenForge.hmac(
                        "{'alg':'RS256','jku':'" + place + "','x5u':'" + place + "','kid':'" + place + "'}",
                        "{'sub':'mallory','iss':'" + place + "'}",
                        "HmacSHA256",
                        "k".getBytes()),
                "canary.canary-of-a-token-that-is-none.canary")) {
            remembered(token);
            told.add(application.connect(connect(token)));
            try (RawWebSocketClient client = application.open()) {
                RealtimeTokenIssuer issuer = application.bean(RealtimeTokenIssuer.class);
                tell(client, connect(remembered(issuer.connectionToken("alice"))));
                tell(client, subscribe(token));
            }
        }
    }

    private String tell(RawWebSocketClient client, String command) throws IOException {
        String answer = RunningApplication.ask(client, command);
        told.add(answer);
        return answer;
    }

    private String remembered(String token) {
        tokens.add(token);
        return token;
    }

    private static String connect(String token) {
        return "{'id':1,'connect':{'token':'" + token + "'}}";
    }

    private static String subscribe(String token) {
        return "{'id':2,'subscribe':{'channel':'chat:a','token':'" + token + "'}}";
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static String get(RunningApplication application, String path) throws Exception {
        return application
                .http()
                .send(application.request(path).build(), BodyHandlers.ofString())
                .body();
    }

    private static void assertNobodyCalled(ServerSocket trap) throws IOException {
        trap.setSoTimeout(1);
        try (Socket caller = trap.accept()) {
            assertThat(caller).as("a request to the address in a token").isNull();
        } catch (SocketTimeoutException nobody) {
            // As it should be: the backlog would hold the connection of a caller.
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
