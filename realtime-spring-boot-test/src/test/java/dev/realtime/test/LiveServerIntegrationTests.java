package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.test.ChatHandlers.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The same client over a real WebSocket, without test beans in the server. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LiveServerIntegrationTests {

    @LocalServerPort
    private int port;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeTokenIssuer tokens;

    private String url() {
        return "ws://localhost:" + port + "/connection/websocket";
    }

    @Test
    void clientConnectsOverWebSocket() {
        // tag::live[]
        try (RealtimeTestClient carol = RealtimeTestClient.bindToServer(url())
                .token(tokens.connectionToken("carol"))
                .connect()) {
            RealtimeTestSubscription room = carol.subscribe("chat:live");
            publisher.publish("chat:live", new Message("hello")).block();
            assertThat(room.awaitPublication(Message.class).text()).isEqualTo("hello");
        }
        // end::live[]
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void expectationsAndFaultsAreThoseOfTheJvm(boolean protobuf) {
        RealtimeTestClientBuilder builder =
                RealtimeTestClient.bindToServer(url()).token(() -> tokens.connectionToken("carol"));
        try (RealtimeTestClient carol = protobuf ? builder.protobuf().connect() : builder.connect()) {
            RealtimeTestSubscription room = carol.subscribe("chat:socket");
            assertThat(room.awaitJoin().userId()).isEqualTo("carol");
            room.publish(new Message(" ")).expectError(107);
            carol.subscribe("staff:room").expectError(103);
            room.expectNoPublication();

            carol.pause();
            publisher.publish("chat:socket", new Message("one")).block();
            carol.resume();
            assertThat(room.awaitPublication(Message.class).text()).isEqualTo("one");

            carol.drop();
            publisher.publish("chat:socket", new Message("two")).block();
            carol.reconnect();
            room.expectRecovered();
            assertThat(room.awaitPublication(Message.class).text()).isEqualTo("two");
            assertThat(room.history().publications()).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void serverDecidesWhoTheClientIs() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> RealtimeTestClient.bindToServer(url()).user("ann").connect())
                .withMessageContaining("the server identifies it")
                .withMessageContaining("token()");
        RealtimeTestClient.bindToServer(url()).token("forged").tryConnect().expectDisconnect(3500);
    }

    @Test
    void addressThatLeadsNowhereIsExplained() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RealtimeTestClient.bindToServer("ws://localhost:" + port + "/nowhere")
                        .connect())
                .withMessageContaining("Could not open a WebSocket to ws://localhost:" + port + "/nowhere")
                .withMessageContaining("realtime.websocket.path");
    }
}
