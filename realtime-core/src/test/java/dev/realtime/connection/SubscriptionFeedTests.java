package dev.realtime.connection;

import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.node.SubscribedReply;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

/**
 * What the application publishes to one subscriber alone comes as fast as the subscriber takes it, until one of both
 * ends.
 */
@ExtendWith(BufferLeaks.class)
class SubscriptionFeedTests implements ChannelAuthorizer {

    private final TestPublisher<Payload> source = TestPublisher.create();

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.pingInterval(Duration.ZERO))
            .namespace("clock", options -> options)
            .authorizer(this)
            .start();

    private final ScriptedClient client = server.client().connected();

    @Override
    public Mono<SubscriptionGrant> authorizeSubscribe(ClientIdentity client, Channel channel, @Nullable Payload data) {
        return Mono.just(SubscriptionGrant.PLAIN.withFeed(source));
    }

    private static String push(int number) {
        return "{'push':{'channel':'clock:a','pub':{'data':" + number + "}}}";
    }

    private void emit(int number) {
        source.next(Payload.ofText(Integer.toString(number)));
    }

    private SubscribedReply subscribe() {
        return client.subscribe("clock:a").reply();
    }

    @Test
    void feedBeginsAfterTheReply() {
        assertThat(subscribe()).isEqualTo(SUBSCRIBED);

        emit(1);
        emit(2);

        assertThat(client.heard()).containsExactly(push(1), push(2));
    }

    @Test
    void othersInTheChannelDoNotGetTheFeedOfOne() {
        subscribe();
        ScriptedClient other = server.client().connected();

        server.publish("clock:a", "to all");

        assertThat(client.heard()).hasSize(1);
        assertThat(other.heard()).isEmpty();
    }

    @Test
    void publisherIsAskedForNoMoreThanABatchAtATime() {
        subscribe();
        source.assertMinRequested(SubscriptionFeed.BATCH);
        source.assertMaxRequested(SubscriptionFeed.BATCH);

        for (int number = 0; number < SubscriptionFeed.BATCH; number++) {
            emit(number);
        }
        server.run();

        source.assertMinRequested(SubscriptionFeed.BATCH);
        assertThat(client.heard()).hasSize(SubscriptionFeed.BATCH);
    }

    @Test
    void publisherIsAskedForNothingWhileTheSocketTakesNothing() {
        subscribe();
        client.transport().stuck(true);
        Payload large = Payload.ofText("\"" + "x".repeat(2_000) + "\"");
        for (int number = 0; number < SubscriptionFeed.BATCH; number++) {
            source.next(large);
        }

        server.pass(Duration.ofSeconds(1));
        source.assertMaxRequested(0);

        client.transport().stuck(false);
        server.pass(Duration.ofMillis(50));
        source.assertMinRequested(SubscriptionFeed.BATCH);
    }

    @Test
    void endlessPublisherDoesNotOverflowASlowClient() {
        ScriptedServer endless = ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO).queueMaxBytes(100_000))
                .authorizer(new ChannelAuthorizer() {
                    @Override
                    public Mono<SubscriptionGrant> authorizeSubscribe(
                            ClientIdentity client, Channel channel, @Nullable Payload data) {
                        Payload large = Payload.ofText("\"" + "x".repeat(2_000) + "\"");
                        return Mono.just(SubscriptionGrant.PLAIN.withFeed(Flux.generate(sink -> sink.next(large))));
                    }
                })
                .start();
        ScriptedClient slow = endless.client().connected();
        slow.transport().stuck(true);

        slow.subscribe("a").send();
        endless.pass(Duration.ofSeconds(1));

        assertThat(slow.closedWith()).isNull();
        assertThat(slow.transport().queuedBytes()).isBetween(16_000L, 60_000L);
        slow.drop();
        slow.transport().stuck(false);
        endless.close();
    }

    @Test
    void unsubscribeCancelsThePublisher() {
        subscribe();

        client.unsubscribed("clock:a");

        source.assertCancelled();
    }

    @Test
    void endOfTheConnectionCancelsThePublisher() {
        subscribe();

        client.drop();

        source.assertCancelled();
    }

    @Test
    void endOfThePublisherEndsTheSubscriptionForGood() {
        subscribe();

        emit(1);
        source.complete();

        assertThat(client.heard())
                .containsExactly(
                        push(1),
                        "{'push':{'channel':'clock:a','unsubscribe':{'code':2000,'reason':'server unsubscribe'}}}");
    }

    @Test
    void failureOfThePublisherHasTheClientSubscribeAgain() {
        subscribe();

        source.error(new IllegalStateException("no more weather"));

        assertThat(client.heard())
                .containsExactly(
                        "{'push':{'channel':'clock:a','unsubscribe':{'code':2502,'reason':'state invalidated'}}}");
    }

    @Test
    void refusalByThePublisherEndsTheConnection() {
        Disconnect enough = new Disconnect(4500, "enough");
        subscribe();

        source.error(ClientRefusedException.with(enough, "it had enough"));

        assertThat(client.closedWith()).isEqualTo(enough);
    }
}
