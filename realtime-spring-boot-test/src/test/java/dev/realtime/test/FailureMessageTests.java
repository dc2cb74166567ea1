package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.time.Duration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** Messages of expectations that are not met, and of incorrect tests. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class FailureMessageTests {

    private static final Duration SHORT = Duration.ofMillis(20);

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeChannels channels;

    @Autowired
    private RealtimeTokenIssuer tokens;

    @Autowired
    private RealtimeTestClock clock;

    private RealtimeTestClient ann() {
        return clients.connectAs("ann");
    }

    /** For what does not come. */
    private RealtimeTestClient impatientAnn() {
        return clients.client().user("ann").timeout(SHORT).connect();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(ThrowingCallable expectation) {
        return assertThatThrownBy(expectation)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Transcript of client 'ann' (JSON, in this JVM):")
                .hasMessageContaining("-> {\"id\":1,\"connect\":{\"name\":\"test\"}}");
    }

    @Test
    void errorInsteadOfSuccessIsNamedWithItsCure() {
        RealtimeTestClient ann = ann();

        assertFailure(() -> ann.subscribe("staff:room").expectSubscribed())
                .hasMessageContaining("Expected subscribe 'staff:room' to succeed, but received error 103")
                .hasMessageContaining("<- {\"id\":2,\"error\":{\"code\":103,\"message\":\"permission denied\"}}");
        assertFailure(() -> ann.rpc("nothing").expectSuccess())
                .hasMessageContaining("received error 104 'method not found'")
                .hasMessageContaining("@OnRpc");
    }

    @Test
    void unknownChannelIsExplained() {
        RealtimeTestClient ann = impatientAnn();

        assertFailure(() -> ann.subscribe("rooms:lobby").expectSubscribed())
                .hasMessageContaining("error 102 'unknown channel'")
                .hasMessageContaining("realtime.channel.namespaces");
        ann.subscribe("chat:lobby");
        assertFailure(() -> ann.subscription("chat:hall"))
                .hasMessageContaining("Expected a subscription of client 'ann' to 'chat:hall' (it has [#ann,")
                .hasMessageContaining("chat:lobby");
    }

    @Test
    void successInsteadOfAnErrorIsShown() {
        RealtimeTestClient ann = ann();

        assertFailure(() -> ann.rpc("numbers").expectError(103))
                .hasMessageContaining("Expected error 103 in reply to rpc 'numbers', but it succeeded")
                .hasMessageContaining("[1,2,3]");
        assertFailure(() -> ann.rpc("secret").expectError(104))
                .hasMessageContaining("Expected error 104 in reply to rpc 'secret', but received error 103");
    }

    @Test
    void publicationThatDoesNotComeIsMissedWithWhatCameInstead() {
        RealtimeTestClient ann = impatientAnn();
        RealtimeTestSubscription lobby = ann.subscribe("chat:lobby").expectSubscribed();
        RealtimeTestSubscription hall = ann.subscribe("chat:hall").expectSubscribed();
        publisher.publish("chat:hall", new Message("over here")).block();

        assertFailure(hall::expectNoPublication)
                .hasMessageContaining("Expected no publication for client 'ann', but received one in 'chat:hall':"
                        + " {\"text\":\"over here\"}");
        assertFailure(() -> lobby.awaitPublication(Message.class))
                .hasMessageContaining("Expected a publication in 'chat:lobby' for client 'ann', but it did not arrive"
                        + " within 20 ms. Received instead, and not expected by the test:")
                .hasMessageContaining("pub in 'chat:hall'")
                .hasMessageContaining("over here");
    }

    @Test
    void dataOfAnotherTypeIsShown() {
        RealtimeTestClient ann = ann();
        RealtimeTestSubscription news = ann.subscribe("news:today").expectSubscribed();
        publisher.publish("news:today", "just text").block();

        assertFailure(() -> news.awaitPublication(Message.class))
                .hasMessageContaining("The data of a publication in 'news:today' does not bind to"
                        + " dev.realtime.test.ChatHandlers$Message")
                .hasMessageContaining("Received instead: \"just text\"");
        assertFailure(() -> ann.rpc("whoAmI").data(Integer.class))
                .hasMessageContaining("The data of the reply to rpc 'whoAmI' does not bind to java.lang.Integer")
                .hasMessageContaining("Received instead: \"ann\"");
    }

    @Test
    void anotherEndIsNamed() {
        RealtimeTestClient ann = impatientAnn();

        assertFailure(() -> ann.expectDisconnect(3005))
                .hasMessageContaining("Expected the server to disconnect the client, but it is connected.");
        RealtimeTestClient other = ann();
        other.send(new Message("no handler for this"));
        assertFailure(() -> other.expectDisconnect(3005))
                .hasMessageContaining("Expected client 'ann' to be disconnected with 3005, but the connection ended");
    }

    @Test
    void recoveryThatWentOtherwiseIsShown() {
        RealtimeTestClient ann = ann();
        RealtimeTestSubscription room = ann.subscribe("chat:recovery").expectSubscribed();

        assertFailure(room::expectRecovered)
                .hasMessageContaining("Expected a recovery in 'chat:recovery', but the client did not ask for one.")
                .hasMessageContaining("reconnect()");
        ann.drop().reconnect();
        assertFailure(room::expectNotRecovered)
                .hasMessageContaining("Expected `recovered: false` in 'chat:recovery', but the reply says otherwise")
                .hasMessageContaining("\"recovered\":true");
    }

    @Test
    void endOfASubscriptionAndVisitorsAreMissed() {
        RealtimeTestClient ann = impatientAnn();
        RealtimeTestSubscription room = ann.subscribe("chat:visitors").expectSubscribed();
        ann.isConnected();
        room.awaitJoin();

        assertFailure(room::awaitJoin).hasMessageContaining("Expected a push 'join' in 'chat:visitors'");
        assertFailure(room::awaitLeave).hasMessageContaining("Expected a push 'leave' in 'chat:visitors'");
        assertFailure(() -> room.expectUnsubscribed(2500))
                .hasMessageContaining("Expected a push 'unsubscribe' in 'chat:visitors'");
        channels.unsubscribe("ann", "chat:visitors").block();
        ann.isConnected();
        assertFailure(() -> room.expectUnsubscribed(2500))
                .hasMessageContaining(
                        "Expected the subscription to 'chat:visitors' to end with 2500, but it ended with 2000");
    }

    @Test
    void refusedConnectIsExplained() {
        assertThatThrownBy(() -> clients.client().token("forged").connect())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected client 'client-1' to connect, but the connection ended: 3500")
                .hasMessageContaining("tryConnect()");
        assertThatThrownBy(() -> clients.client().named("ann").tryConnect().expectConnectError(101))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected error 101 in reply to connect, but the client is connected.");
        clients.closeAll(true);
    }

    @Test
    void errorThatTheTestForgotFailsIt() {
        ann().rpc("secret");

        assertFailure(() -> clients.closeAll(false))
                .hasMessageContaining(
                        "The reply to rpc 'secret' was error 103 'permission denied', and the test did not"
                                + " expect it.");
    }

    @Test
    void endThatTheTestForgotFailsIt() {
        ann().send(new Message("no handler for this"));

        assertFailure(() -> clients.closeAll(false))
                .hasMessageContaining("Client 'ann' was disconnected with 3")
                .hasMessageContaining("and the test did not expect it. Call expectDisconnect(3");
    }

    @Test
    void refusalThatTheTestForgotFailsIt() {
        String expired =
                tokens.connection("ann").expiresIn(Duration.ofMinutes(1)).mint();
        clock.advance(Duration.ofMinutes(2));
        clients.client().user("ann").token(expired).tryConnect();

        assertThatThrownBy(() -> clients.closeAll(false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Client 'ann' was refused with error 109 'token expired', and the test did not"
                        + " expect it. Call expectConnectError(109).");
    }

    @Test
    void clientIsOfNoUseAfterItWasClosed() {
        RealtimeTestClient ann = ann();
        clients.closeAll(false);

        assertThatIllegalStateException()
                .isThrownBy(() -> ann.rpc("numbers"))
                .withMessageContaining("Client 'ann' was closed")
                .withMessageContaining("Transcript of client 'ann'");
    }

    @Test
    void clientIsOfNoUseWhileTheNetworkIsGone() {
        RealtimeTestClient ann = ann();
        RealtimeTestSubscription lobby = ann.subscribe("chat:lobby").expectSubscribed();
        lobby.awaitJoin();
        ann.drop();

        assertThatIllegalStateException()
                .isThrownBy(() -> ann.rpc("numbers"))
                .withMessageContaining("Client 'ann' was dropped by the test")
                .withMessageContaining("reconnect()");
        assertFailure(lobby::awaitPublication).hasMessageContaining("the test dropped the client. Call reconnect().");
    }

    @Test
    void twoClientsOfOneNameAreRefused() {
        clients.client().named("phone").connect();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> clients.client().named("phone").connect())
                .withMessageContaining("This test has a client named 'phone' already")
                .withMessageContaining("Transcript of client 'phone'");
    }

    @Test
    void bytesDoNotFitJson() {
        RealtimeTestClient ann = ann();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ann.publish("chat:lobby", new byte[] {1, 2}))
                .withMessageContaining("Build the client with protobuf()");
    }
}
