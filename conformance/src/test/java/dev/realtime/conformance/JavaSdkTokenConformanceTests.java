package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.centrifugal.centrifuge.ClientState;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.SubscriptionState;
import io.github.centrifugal.centrifuge.SubscriptionTokenEvent;
import io.github.centrifugal.centrifuge.SubscriptionTokenGetter;
import io.github.centrifugal.centrifuge.TokenCallback;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The official Java SDK fetches, refreshes and replaces tokens. */
@ExtendWith(ConformanceServer.class)
class JavaSdkTokenConformanceTests {

    private URI server = URI.create("");

    private JavaSdkClient client;

    @BeforeEach
    void find(URI server) {
        this.server = server;
    }

    @AfterEach
    void closeClient() throws InterruptedException {
        client.close();
    }

    private static long inSeconds(long seconds) {
        return Instant.now().getEpochSecond() + seconds;
    }

    private static String connectionToken(String user, long secondsFromNow) {
        return Identity.token("{\"sub\":\"%s\",\"exp\":%d}".formatted(user, inSeconds(secondsFromNow)));
    }

    @Test
    void tokenIsFetchedAndRefreshedBeforeTheConnectionEnds() {
        Connections fetched = new Connections();
        client = new JavaSdkClient(server, (user, options) -> {
            fetched.token = count -> connectionToken(user, count == 1 ? 2 : 600);
            options.setTokenGetter(fetched);
        });

        client.connect();
        fetched.asked.next();
        fetched.asked.next();

        assertThat(client.sdk().getState()).isEqualTo(ClientState.CONNECTED);
        client.subscribed("plain:" + UUID.randomUUID());
        assertThat(client.disconnected.isEmpty()).isTrue();
    }

    @Test
    void expiredTokenIsReplacedOnConnecting() {
        Connections fetched = new Connections();
        client = new JavaSdkClient(server, (user, options) -> {
            fetched.token = count -> connectionToken(user, 600);
            options.setToken(connectionToken(user, -5));
            options.setTokenGetter(fetched);
        });

        client.connect();

        fetched.asked.next();
        assertThat(fetched.asked.isEmpty()).isTrue();
    }

    @Test
    void badTokenEndsTheConnectionForGood() {
        client = new JavaSdkClient(server, (user, options) -> options.setToken("garbage"));

        client.sdk().connect();

        assertThat(client.disconnected.next().getCode()).isEqualTo(3500);
    }

    @Test
    void subscriptionTokenOpensAPrivateChannelAndIsRefreshed() {
        client = new JavaSdkClient(server);
        client.connect();
        String channel = "$stream:" + UUID.randomUUID();
        Subscriptions fetched =
                new Subscriptions(count -> Identity.token("{\"sub\":\"%s\",\"channel\":\"%s\",\"exp\":%d}"
                        .formatted(client.user, channel, inSeconds(count == 1 ? 2 : 600))));
        SubscriptionOptions options = new SubscriptionOptions();
        options.setTokenGetter(fetched);

        JavaSdkSubscription subscription = client.subscribe(channel, options);
        subscription.subscribed.next();
        fetched.asked.next();
        fetched.asked.next();

        assertThat(subscription.sdk().getState()).isEqualTo(SubscriptionState.SUBSCRIBED);
        assertThat(subscription.unsubscribed.isEmpty()).isTrue();
    }

    @Test
    void subscriptionTokenOfAnotherUserEndsTheConnection() {
        client = new JavaSdkClient(server);
        client.connect();
        String channel = "closed:" + UUID.randomUUID();
        SubscriptionOptions options = new SubscriptionOptions();
        options.setToken(Identity.token("{\"sub\":\"somebody else\",\"channel\":\"%s\"}".formatted(channel)));

        client.subscribe(channel, options);

        assertThat(client.disconnected.next().getCode()).isEqualTo(3500);
    }

    /** Gives the tokens of a connection, and counts. */
    private static final class Connections extends ConnectionTokenGetter {

        private final Inbox<Long> asked = new Inbox<>("request for a token");

        private LongFunction<String> token = count -> "";

        private long count;

        @Override
        public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
            count++;
            callback.Done(null, token.apply(count));
            asked.add(count);
        }
    }

    /** Gives the tokens of a subscription, and counts. */
    private static final class Subscriptions extends SubscriptionTokenGetter {

        private final Inbox<Long> asked = new Inbox<>("request for a token");

        private final LongFunction<String> token;

        private long count;

        Subscriptions(LongFunction<String> token) {
            this.token = token;
        }

        @Override
        public void getSubscriptionToken(SubscriptionTokenEvent event, TokenCallback callback) {
            count++;
            callback.Done(null, token.apply(count));
            asked.add(count);
        }
    }
}
