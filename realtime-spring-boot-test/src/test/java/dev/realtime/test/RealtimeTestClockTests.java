package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class RealtimeTestClockTests {

    private static final Duration HOUR = Duration.ofHours(1);

    /** The server gives clients this long to come with a new token. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimeTestClock clock;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeTokenIssuer tokens;

    @Test
    void connectionEndsWithItsToken() {
        RealtimeTestClient carol = clients.client()
                .token(tokens.connection("carol").expiresIn(HOUR).mint())
                .connect();

        clock.advance(HOUR.minusMinutes(1));
        assertThat(carol.isConnected()).isTrue();
        clock.advance(Duration.ofMinutes(1).plus(GRACE));

        carol.expectDisconnect(3005);
    }

    @Test
    void connectionIsExtendedByANewToken() {
        RealtimeTestClient carol = clients.client()
                .token(tokens.connection("carol").expiresIn(HOUR).mint())
                .connect();

        clock.advance(HOUR.minusMinutes(1));
        carol.refresh(tokens.connection("carol").expiresIn(HOUR).mint()).expectSuccess();
        clock.advance(HOUR.minusMinutes(1));

        assertThat(carol.isConnected()).isTrue();
    }

    @Test
    void expiredTokenIsRefused() {
        String token = tokens.connection("carol").expiresIn(HOUR).mint();

        clock.advance(HOUR.plusMinutes(1));

        clients.client().token(token).tryConnect().expectConnectError(109);
    }

    @Test
    void subscriptionEndsWithItsToken() {
        RealtimeTestClient carol = clients.connectAs("carol");
        carol.subscribe(
                        "staff:room",
                        request -> request.token(tokens.subscription("carol", "staff:room")
                                .expiresIn(HOUR)
                                .mint()))
                .expectSubscribed();

        clock.advance(HOUR.plusMinutes(2));

        carol.subscription("staff:room").expectUnsubscribed(2501);
    }

    @Test
    void historyEndsWithItsTimeToLive() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:history");
        publisher.publish("chat:history", new Message("old")).block();

        clock.advance(Duration.ofMinutes(9));
        assertThat(room.history().publications()).hasSize(1);
        clock.advance(Duration.ofMinutes(2));

        assertThat(room.history().publications()).isEmpty();
    }

    @Test
    void clientsAnswerPingsAndStayPresent() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:present");

        clock.advance(HOUR);

        assertThat(room.presence().users()).containsExactly("ann");
    }

    @Test
    void clientThatAnswersNoPingIsDisconnected() {
        RealtimeTestClient ann = clients.connectAs("ann").pause();

        clock.advance(Duration.ofMinutes(1));

        ann.expectDisconnect(3012);
    }

    @Test
    void daysPassInSeconds() {
        RealtimeTestClient ann = clients.connectAs("ann");
        Instant before = Instant.now();

        clock.advance(Duration.ofDays(2));

        assertThat(ann.isConnected()).as(ann::transcript).isTrue();
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMinutes(1));
    }

    @RepeatedTest(2)
    void eachTestBeginsNow() {
        assertThat(clock.instant()).isCloseTo(Instant.now(), within(1, ChronoUnit.SECONDS));

        clock.advance(HOUR);

        assertThat(clock.instant()).isCloseTo(Instant.now().plus(HOUR), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .withMessageContaining("cannot be set back");
    }
}
