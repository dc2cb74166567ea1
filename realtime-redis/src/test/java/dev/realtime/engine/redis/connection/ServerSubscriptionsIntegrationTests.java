package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions and commands where there is one server. */
class ServerSubscriptionsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private static final int PARTITION = 3;

    private LinkRig subscriber;

    private LinkRig publisher;

    private String name;

    @BeforeEach
    void start() {
        subscriber = LinkRig.to(redis.get()).started();
        publisher = LinkRig.to(redis.get()).started();
        name = subscriber.name(PARTITION, "one");
        subscriber.subscribe(PARTITION, name);
    }

    @AfterEach
    void stop() {
        subscriber.close();
        publisher.close();
        assertThat(subscriber.overlaps).isEmpty();
    }

    @Test
    void messagesArriveInOrder() {
        for (int number = 1; number <= 500; number++) {
            publisher.publish(PARTITION, name, Integer.toString(number));
        }

        LinkRig.await("all").until(() -> subscriber.deliveries.size() == 500);
        List<Integer> received =
                subscriber.textsOf(name).stream().map(Integer::valueOf).toList();
        assertThat(received).isSorted().startsWith(1).endsWith(500);
        RedisStatus status = subscriber.status();
        assertThat(status.problem()).isNull();
        assertThat(status.primaries())
                .containsExactly(new RedisStatus.Primary(redis.get().address(), 16384));
        assertThat(status.slotsCovered()).isEqualTo(16384);
    }

    @Test
    void unsubscribedNameIsNotDelivered() {
        String kept = subscriber.name(PARTITION, "kept");
        subscriber.subscribe(PARTITION, kept);

        subscriber.subscriptions.unsubscribe(PARTITION, LinkRig.bytes(name)).block();
        publisher.publish(PARTITION, name, "dropped");
        publisher.publish(PARTITION, kept, "kept");

        LinkRig.await("kept").until(() -> !subscriber.textsOf(kept).isEmpty());
        assertThat(subscriber.textsOf(name)).isEmpty();
        LinkRig.await("unsubscribed at the server")
                .until(() -> redis.get().text("PUBSUB", "NUMSUB", name).contains("0"));
    }

    @Test
    void nameCanBeUnsubscribedAndSubscribedAtOnce() {
        for (int round = 0; round < 50; round++) {
            subscriber.subscriptions.unsubscribe(PARTITION, LinkRig.bytes(name)).subscribe();
            subscriber.subscribe(PARTITION, name);
            String text = "round " + round;
            publisher.publish(PARTITION, name, text);
            LinkRig.await(text).until(() -> subscriber.textsOf(name).contains(text));
        }

        assertThat(subscriber.resubscribed).isEmpty();
    }

    @Test
    void killedPubSubConnectionIsReplaced() {
        try (NumberedStream stream = NumberedStream.from(publisher, subscriber, PARTITION, name)) {

            redis.get().execute("CLIENT", "KILL", "TYPE", "pubsub");

            LinkRig.await("resubscribed").until(() -> subscriber.resubscribed.contains(name));
            stream.awaitDelivery();
            stream.check("standalone, CLIENT KILL TYPE pubsub");
            assertThat(subscriber.statistics.events(RedisStatistics.Event.RECONNECT))
                    .isPositive();
            assertThat(subscriber.statistics.events(RedisStatistics.Event.RESUBSCRIPTION))
                    .isEqualTo(1);
        }
    }

    @Test
    void killedServerThatComesBackIsUsedAgain() {
        redis.get().kill();
        LinkRig.await("noticed").until(() -> !subscriber.status().working());
        assertThat(publisher.publish(PARTITION, name, "lost").toCompletableFuture())
                .failsWithin(LinkRig.LONGEST_WAIT);

        redis.get().start();

        subscriber.awaitWorking();
        publisher.awaitWorking();
        try (NumberedStream stream = NumberedStream.from(publisher, subscriber, PARTITION, name)) {
            stream.check("standalone, restarted");
        }
        assertThat(subscriber.resubscribed).containsExactly(name);
    }

    @Test
    void frozenServerIsFoundByItsSilenceAndUsedAgain() {
        redis.get().pause();
        try {
            LinkRig.await("both connections noticed")
                    .until(() -> subscriber.problems().size() == 2);
            LinkRig.await("commands fail immediately")
                    .until(() -> publisher
                            .publish(PARTITION, name, "frozen")
                            .toCompletableFuture()
                            .isCompletedExceptionally());
        } finally {
            redis.get().resume();
        }

        subscriber.awaitWorking();
        publisher.awaitWorking();
        LinkRig.await("resubscribed").until(() -> subscriber.resubscribed.contains(name));
        try (NumberedStream stream = NumberedStream.from(publisher, subscriber, PARTITION, name)) {
            stream.check("standalone, SIGSTOP and SIGCONT");
        }
    }
}
