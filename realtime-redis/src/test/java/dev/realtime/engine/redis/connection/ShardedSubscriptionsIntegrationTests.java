package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** Sharded pub/sub in a cluster through its faults. */
class ShardedSubscriptionsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    private static final int PARTITION = 5;

    @RegisterExtension
    final LinkPair links = new LinkPair(redis::get, () -> {
        redis.get().awaitHealthy();
        return LinkRig.to(redis.get(), PubSubMode.AUTO);
    });

    private int slot() {
        return links.subscriber().partitions.slot(PARTITION);
    }

    @Test
    void messagesOfAllPartitionsArrive() {
        List<String> names = new ArrayList<>();
        for (int partition = 0; partition <= links.subscriber().partitions.control(); partition++) {
            String name = links.subscriber().name(partition, "all");
            names.add(name);
            links.subscriber().subscribe(partition, name);
        }

        for (int partition = 0; partition < names.size(); partition++) {
            links.publisher().publish(partition, names.get(partition), "hello");
        }

        LinkRig.await("all").until(() -> links.subscriber().deliveries.size() == names.size());
        assertThat(links.publisher().connections.sharded()).isTrue();
        assertThat(links.subscriber().resubscribed).isEmpty();
        RedisStatus status = links.subscriber().status();
        assertThat(status.problem()).isNull();
        assertThat(status.wantedSubscriptions()).isEqualTo(names.size());
        assertThat(status.confirmedSubscriptions()).isEqualTo(names.size());
        assertThat(status.slotsCovered()).isEqualTo(16384);
        assertThat(status.primaries()).hasSize(3);
        assertThat(status.lastProbe()).isNotNull();
    }

    @Test
    void killedPrimaryIsReplacedByItsReplica() {
        String name = links.subscriber().name(PARTITION, "kill");
        links.subscriber().subscribe(PARTITION, name);
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            RedisServer killed = redis.get().killPrimaryOf(slot());
            redis.get().awaitPrimaryOtherThan(killed, slot());

            stream.awaitDelivery();
            stream.checkAcrossFailover("sharded, kill -9 of the primary");
            assertThat(links.subscriber().resubscribed).contains(name);
            links.subscriber().awaitWorking();
        }
    }

    @Test
    void gracefulFailoverMovesSubscriptions() {
        String name = links.subscriber().name(PARTITION, "failover");
        links.subscriber().subscribe(PARTITION, name);
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            redis.get().failOver(slot());

            stream.awaitDelivery();
            stream.checkAcrossFailover("sharded, CLUSTER FAILOVER");
            assertThat(links.subscriber().resubscribed).contains(name);
        }
    }

    @Test
    void migratedSlotTakesItsSubscriptionsAlongAndBack() {
        String name = links.subscriber().name(PARTITION, "migrate");
        links.subscriber().subscribe(PARTITION, name);
        RedisServer source = redis.get().primaryOf(slot());
        RedisServer target = redis.get().primaries().stream()
                .filter(primary -> primary != source)
                .findFirst()
                .orElseThrow();
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            redis.get().moveSlots(slot(), slot(), target);
            stream.awaitDelivery();
            System.out.printf("sharded, slot moved: gap %d ms%n", stream.longestGapMillis());
            redis.get().moveSlots(slot(), slot(), source);
            stream.awaitDelivery();

            stream.check("sharded, slot moved and moved back");
            assertThat(links.subscriber().resubscribed).filteredOn(name::equals).hasSize(2);
        }
    }

    @Test
    void frozenPrimaryIsFoundByItsSilence() {
        String name = links.subscriber().name(PARTITION, "freeze");
        links.subscriber().subscribe(PARTITION, name);
        RedisServer frozen = redis.get().primaryOf(slot());
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            frozen.pause();
            redis.get().awaitPrimaryOtherThan(frozen, slot());
            stream.awaitDelivery();
            frozen.resume();
            redis.get().awaitHealthy();

            stream.awaitDelivery();
            stream.checkAcrossFailover("sharded, SIGSTOP of the primary and SIGCONT");
            assertThat(links.subscriber().resubscribed).contains(name);
        } finally {
            frozen.resume();
        }
    }

    @Test
    void namesOfTwoSlotsOnOneNodeSurviveLostConnections() {
        RedisServer server = redis.get().primaryOf(slot());
        int other = PARTITION + 1;
        assertThat(redis.get().primaryOf(links.subscriber().partitions.slot(other)))
                .isSameAs(server);
        String first = links.subscriber().name(PARTITION, "two");
        String second = links.subscriber().name(other, "two");
        links.subscriber().subscribe(PARTITION, first);
        links.subscriber().subscribe(other, second);
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, first);
                NumberedStream otherStream =
                        NumberedStream.from(links.publisher(), links.subscriber(), other, second)) {

            redis.get().servers().forEach(each -> each.execute("CLIENT", "KILL", "TYPE", "pubsub"));

            stream.awaitDelivery();
            otherStream.awaitDelivery();
            stream.check("sharded, CLIENT KILL TYPE pubsub");
            otherStream.check("sharded, CLIENT KILL TYPE pubsub, other slot");
            assertThat(links.subscriber().resubscribed).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    void nothingArrivesTwiceAfterFailingOverAndBack() {
        String name = links.subscriber().name(PARTITION, "replica");
        links.subscriber().subscribe(PARTITION, name);
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            redis.get().failOver(slot());
            redis.get().awaitHealthy();
            stream.awaitDelivery();
            redis.get().failOver(slot());
            redis.get().awaitHealthy();
            stream.awaitDelivery();

            stream.checkAcrossFailover("sharded, failed over and back");
        }
    }

    @Test
    void subscribeDuringAnOutageFailsInTime() {
        redis.get().servers().forEach(RedisServer::pause);
        try {
            long begin = System.nanoTime();

            assertThatThrownBy(() -> links.subscriber()
                            .subscribe(PARTITION, links.subscriber().name(PARTITION, "outage")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("did not confirm a subscription within 2000 ms");

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            LinkRig.await("not working")
                    .until(() -> !links.subscriber().status().working());
            assertThat(links.subscriber().status().wantedSubscriptions()).isZero();
        } finally {
            redis.get().servers().forEach(RedisServer::resume);
        }
        redis.get().awaitHealthy();
        links.subscriber().awaitWorking();
    }

    @Test
    void nameThatIsUnsubscribedDuringAReconnectIsNotSubscribedAgain() {
        String kept = links.subscriber().name(PARTITION, "kept");
        String dropped = links.subscriber().name(PARTITION, "dropped");
        links.subscriber().subscribe(PARTITION, kept, dropped);
        RedisServer server = redis.get().primaryOf(slot());
        server.pause();
        try {
            LinkRig.await("connection lost")
                    .until(() -> !links.subscriber().status().working());

            links.subscriber()
                    .subscriptions
                    .unsubscribe(PARTITION, LinkRig.bytes(dropped))
                    .block();
        } finally {
            server.resume();
        }
        links.subscriber().awaitWorking();
        redis.get().awaitHealthy();
        LinkRig.await("resubscribed")
                .until(() -> links.subscriber().resubscribed.contains(kept));

        assertThat(links.subscriber().resubscribed).doesNotContain(dropped);
        assertThat(redis.get().primaryOf(slot()).text("PUBSUB", "SHARDNUMSUB", dropped))
                .contains("0");
        assertThat(links.subscriber().status().wantedSubscriptions()).isEqualTo(1);
    }

    @Test
    void hundredThousandNamesAreSubscribedAgainInBatches() {
        int perPartition = 800;
        List<String> names = new ArrayList<>();
        for (int partition = 0; partition < links.subscriber().partitions.count(); partition++) {
            String[] some = new String[perPartition];
            for (int index = 0; index < perPartition; index++) {
                some[index] = links.subscriber().name(partition, "many" + index);
            }
            names.addAll(List.of(some));
            int each = partition;
            Flux.fromArray(some)
                    .flatMap(
                            name -> links.subscriber()
                                    .subscriptions
                                    .subscribe(each, LinkRig.bytes(name), links.subscriber()),
                            perPartition)
                    .blockLast(LinkRig.LONGEST_WAIT);
        }
        long before = commands("ssubscribe");
        long begin = System.nanoTime();

        redis.get().servers().forEach(each -> each.execute("CLIENT", "KILL", "TYPE", "pubsub"));

        LinkRig.await("all again").until(() -> links.subscriber().resubscribed.size() >= names.size());
        long commands = commands("ssubscribe") - before;
        System.out.printf(
                "sharded, %d names subscribed again in %d ms with %d commands%n",
                names.size(), Duration.ofNanos(System.nanoTime() - begin).toMillis(), commands);
        assertThat(new HashSet<>(links.subscriber().resubscribed)).isEqualTo(new HashSet<>(names));
        // Two batches for each partition, and the probes of both nodes; some more if a connection is lost once more.
        assertThat(commands).isLessThan(names.size() / 100);
        assertThat(links.subscriber().status().confirmedSubscriptions()).isEqualTo(names.size());
    }

    private long commands(String command) {
        return redis.get().servers().stream()
                .map(server -> server.info("cmdstat_" + command))
                .filter(line -> !line.isEmpty())
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
                .sum();
    }
}
