package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions and commands where there is one server. */
class ServerSubscriptionsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private static final int PARTITION = 3;

    @RegisterExtension
    final LinkPair links = new LinkPair(redis::get, () -> LinkRig.to(redis.get()));

    private String name;

    @BeforeEach
    void start() {
        name = links.subscriber().name(PARTITION, "one");
        links.subscriber().subscribe(PARTITION, name);
    }

    @Test
    void messagesArriveInOrder() {
        for (int number = 1; number <= 500; number++) {
            links.publisher().publish(PARTITION, name, Integer.toString(number));
        }

        LinkRig.await("all").until(() -> links.subscriber().deliveries.size() == 500);
        List<Integer> received =
                links.subscriber().textsOf(name).stream().map(Integer::valueOf).toList();
        assertThat(received).isSorted().startsWith(1).endsWith(500);
        RedisStatus status = links.subscriber().status();
        assertThat(status.problem()).isNull();
        assertThat(status.primaries())
                .containsExactly(new RedisStatus.Primary(redis.get().address(), 16384));
        assertThat(status.slotsCovered()).isEqualTo(16384);
    }

    @Test
    void unsubscribedNameIsNotDelivered() {
        String kept = links.subscriber().name(PARTITION, "kept");
        links.subscriber().subscribe(PARTITION, kept);

        links.subscriber()
                .subscriptions
                .unsubscribe(PARTITION, LinkRig.bytes(name))
                .block();
        links.publisher().publish(PARTITION, name, "dropped");
        links.publisher().publish(PARTITION, kept, "kept");

        LinkRig.await("kept").until(() -> !links.subscriber().textsOf(kept).isEmpty());
        assertThat(links.subscriber().textsOf(name)).isEmpty();
        LinkRig.await("unsubscribed at the server")
                .until(() -> redis.get().text("PUBSUB", "NUMSUB", name).contains("0"));
    }

    @Test
    void nameCanBeUnsubscribedAndSubscribedAtOnce() {
        for (int round = 0; round < 50; round++) {
            links.subscriber()
                    .subscriptions
                    .unsubscribe(PARTITION, LinkRig.bytes(name))
                    .subscribe();
            links.subscriber().subscribe(PARTITION, name);
            String text = "round " + round;
            links.publisher().publish(PARTITION, name, text);
            LinkRig.await(text).until(() -> links.subscriber().textsOf(name).contains(text));
        }

        assertThat(links.subscriber().resubscribed).isEmpty();
    }

    @Test
    void killedPubSubConnectionIsReplaced() {
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            redis.get().execute("CLIENT", "KILL", "TYPE", "pubsub");

            LinkRig.await("resubscribed")
                    .until(() -> links.subscriber().resubscribed.contains(name));
            stream.awaitDelivery();
            stream.check("standalone, CLIENT KILL TYPE pubsub");
            assertThat(links.subscriber().statistics.events(RedisStatistics.Event.RECONNECT))
                    .isPositive();
            assertThat(links.subscriber().statistics.events(RedisStatistics.Event.RESUBSCRIPTION))
                    .isEqualTo(1);
        }
    }

    @Test
    void killedServerThatComesBackIsUsedAgain() {
        redis.get().kill();
        LinkRig.await("noticed").until(() -> !links.subscriber().status().working());
        assertThat(links.publisher().publish(PARTITION, name, "lost").toCompletableFuture())
                .failsWithin(LinkRig.LONGEST_WAIT);

        redis.get().start();

        links.subscriber().awaitWorking();
        links.publisher().awaitWorking();
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {
            stream.check("standalone, restarted");
        }
        assertThat(links.subscriber().resubscribed).containsExactly(name);
    }

    @Test
    void frozenServerIsFoundByItsSilenceAndUsedAgain() {
        redis.get().pause();
        try {
            LinkRig.await("both connections noticed")
                    .until(() -> links.subscriber().problems().size() == 2);
            LinkRig.await("commands fail immediately")
                    .until(() -> links.publisher()
                            .publish(PARTITION, name, "frozen")
                            .toCompletableFuture()
                            .isCompletedExceptionally());
        } finally {
            redis.get().resume();
        }

        links.subscriber().awaitWorking();
        links.publisher().awaitWorking();
        LinkRig.await("resubscribed")
                .until(() -> links.subscriber().resubscribed.contains(name));
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {
            stream.check("standalone, SIGSTOP and SIGCONT");
        }
    }
}
