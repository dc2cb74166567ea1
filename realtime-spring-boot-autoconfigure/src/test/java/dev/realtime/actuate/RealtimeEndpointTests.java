package dev.realtime.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer;
import dev.realtime.endpoint.ApiServer.Answer;
import dev.realtime.endpoint.Stack;
import dev.realtime.endpoint.Visitor;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The endpoint over HTTP, in an application that exposes it. */
class RealtimeEndpointTests {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.start(Stack.WEBFLUX, "management.endpoints.web.exposure.include=realtime");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void overviewShowsNodesAndChannels() {
        try (Visitor alice = Visitor.connect(server, "alice")) {
            alice.subscribe("met:overview");
            server.call("subscribe", "{\"user\":\"alice\",\"channel\":\"without-namespace\"}");
            alice.next();

            Answer answer = call("GET", "");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .startsWith("{\"nodes\":[{")
                    .contains("\"namespaces\":[{\"name\":\"(none)\",\"channels\":1,\"subscriptions\":1},"
                            + "{\"name\":\"met\",\"channels\":1,\"subscriptions\":1}]")
                    .contains("\"largestChannels\":[{\"name\":\"met:overview\",\"subscribers\":1},"
                            + "{\"name\":\"without-namespace\",\"subscribers\":1}]");
        }
    }

    @Test
    void connectionsOfAUserAreShown() {
        try (Visitor bob = Visitor.connect(server, "bob")) {
            assertThat(call("GET", "/bob").body()).contains("\"clientId\":\"" + bob.clientId() + "\"");
            assertThat(call("GET", "/nobody").body()).isEqualTo("[]");
        }
    }

    @Test
    void userIsDisconnected() {
        try (Visitor carol = Visitor.connect(server, "carol")) {
            assertThat(call("DELETE", "/carol").status()).isEqualTo(204);

            assertThat(carol.end()).isEqualTo("3503 force disconnect");
        }
    }

    @Test
    void oneConnectionIsDisconnected() {
        try (Visitor leaves = Visitor.connect(server, "dave");
                Visitor stays = Visitor.connect(server, "dave")) {
            call("DELETE", "/dave?client=" + leaves.clientId());

            assertThat(leaves.end()).isEqualTo("3503 force disconnect");
            stays.subscribe("met:stays");
        }
    }

    @Test
    void userIsUnsubscribed() {
        try (Visitor erin = Visitor.connect(server, "erin")) {
            erin.subscribe("met:left");

            assertThat(call("DELETE", "/erin/met:left").status()).isEqualTo(204);

            assertThat(erin.next()).contains("\"unsubscribe\":{\"code\":2000");
        }
    }

    @Test
    void unknownNamespaceIsABadRequest() {
        assertThat(call("DELETE", "/erin/nowhere:x").status()).isEqualTo(400);
    }

    private static Answer call(String method, String path) {
        return server.send(server.request("/actuator/realtime" + path)
                .method(method, BodyPublishers.noBody())
                .build());
    }
}
