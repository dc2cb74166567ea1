package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.Payload;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import tools.jackson.core.type.TypeReference;

@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class RealtimeTestClientTests {

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeChannels channels;

    @Autowired
    private RealtimeTokenIssuer tokens;

    private RealtimeTestClient client(boolean protobuf) {
        RealtimeTestClientBuilder builder = clients.client().user("ann", "STAFF");
        return protobuf ? builder.protobuf().connect() : builder.connect();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void publicationReachesSubscribersWithItsData(boolean protobuf) {
        RealtimeTestClient ann = client(protobuf);
        RealtimeTestSubscription room = ann.subscribe("chat:lobby").expectSubscribed();

        publisher
                .publish("chat:lobby", new Message("hello"), PublishOptions.DEFAULTS.withTags(Map.of("by", "app")))
                .block();

        ReceivedPublication received = room.awaitPublication();
        assertThat(received.data(Message.class)).isEqualTo(new Message("hello"));
        assertThat(received.offset()).isPositive();
        assertThat(received.tags()).containsEntry("by", "app");
        assertThat(received.publisher()).isNull();
        room.expectNoPublication();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAClientPublishesIsCheckedByTheHandler(boolean protobuf) {
        RealtimeTestSubscription room = client(protobuf).subscribe("chat:lobby");

        room.publish(new Message(" hi ")).expectSuccess();
        room.publish(new Message("")).expectError(107);

        ReceivedPublication received = room.awaitPublication();
        assertThat(received.data(Message.class).text()).isEqualTo("hi");
        assertThat(received.publisher().userId()).isEqualTo("ann");
        room.expectNoPublication();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void methodIsCalledWithItsRole(boolean protobuf) {
        RealtimeTestClient ann = client(protobuf);

        assertThat(ann.rpc("secret").data(String.class)).isEqualTo("for staff");
        assertThat(ann.rpc("numbers").data(new TypeReference<List<Integer>>() {}))
                .containsExactly(1, 2, 3);
        assertThat(ann.rpc("whoAmI").data(String.class)).isEqualTo("ann");

        clients.connectAs("bob").rpc("secret").expectError(103);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void historyAndPresenceAreRead(boolean protobuf) {
        channels.removeHistory("chat:read").block();
        RealtimeTestSubscription room = client(protobuf).subscribe("chat:read");
        publisher.publish("chat:read", new Message("one")).block();
        publisher.publish("chat:read", new Message("two")).block();

        TestHistory history = room.history();

        assertThat(history.publications(Message.class))
                .extracting(Message::text)
                .containsExactly("one", "two");
        assertThat(history.position().offset())
                .isEqualTo(history.publications().get(1).offset());
        assertThat(room.presence().users()).containsExactly("ann");
        assertThat(room.presence().clients()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void othersAreSeenToComeAndGo(boolean protobuf) {
        RealtimeTestSubscription room = client(protobuf).subscribe("chat:visits");
        assertThat(room.awaitJoin().userId()).isEqualTo("ann");

        RealtimeTestClient bob = clients.connectAs("bob");
        bob.subscribe("chat:visits").expectSubscribed();
        bob.drop();

        assertThat(room.awaitJoin().userId()).isEqualTo("bob");
        assertThat(room.awaitLeave().userId()).isEqualTo("bob");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverSubscribesTheClient(boolean protobuf) {
        RealtimeTestClient ann = client(protobuf);

        publisher.publishToUser("ann", new Message("for you")).block();
        channels.subscribe("ann", "news:today").block();
        RealtimeTestSubscription news = ann.subscription("news:today");
        publisher.publish("news:today", new Message("for all")).block();

        assertThat(ann.subscription("#ann").awaitPublication(Message.class).text())
                .isEqualTo("for you");
        assertThat(news.awaitPublication(Message.class).text()).isEqualTo("for all");
        channels.unsubscribe("ann", "news:today").block();
        news.expectUnsubscribed(2000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokenSaysWhoTheClientIs(boolean protobuf) {
        RealtimeTestClientBuilder builder = clients.client().anonymous().token(tokens.connectionToken("carol"));
        RealtimeTestClient carol = protobuf ? builder.protobuf().connect() : builder.connect();

        carol.subscribe("#carol").expectError(105);
        assertThat(carol.id()).isNotEmpty();

        clients.client().anonymous().token("forged").tryConnect().expectDisconnect(3500);
    }

    @Test
    void clientWithoutAUserIsAnonymous() {
        assertThat(clients.connect().rpc("whoAmI").data(String.class)).isEqualTo("nobody");
    }

    @Test
    void numbersKeepTheirDigits() {
        RealtimeTestSubscription news = clients.connect().subscribe("news:numbers");
        String exact = "{\"big\":123456789012345678901234567890,\"money\":10.10}";

        publisher.publish("news:numbers", exact.getBytes()).block();

        ReceivedPublication received = news.awaitPublication();
        assertThat(received.data(Payload.class).text()).isEqualTo(exact);
        assertThat(received.data().get("money").decimalValue()).isEqualTo(new BigDecimal("10.10"));
    }

    @Test
    void protobufCarriesBytes() {
        RealtimeTestSubscription news = clients.client().protobuf().connect().subscribe("news:bytes");

        publisher.publish("news:bytes", new byte[] {1, 2, 3}).block();

        assertThat(news.awaitPublication(byte[].class)).containsExactly(1, 2, 3);
    }
}
