package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.HISTORY;
import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.AppendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Channels of a slot that is being moved for a long time can be used all the while. */
class SlotMoveIntegrationTests {

    private static final int PARTITION = 5;

    private static final Duration MOVE = Duration.ofSeconds(Long.getLong("realtime.test.slot-move-seconds", 10));

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> cluster = RedisExtension.of(
            () -> RedisClusterServers.builder().primaries(3).replicas(0).start());

    private RedisEngineUnderTest underTest;

    private StartedEngine publisher;

    private StartedEngine subscriber;

    private int slot;

    private RedisServer target;

    /** Texts that were acknowledged, by channel. */
    private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();

    private final List<String> refused = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        underTest = RedisEngineUnderTest.withLongPresence(cluster.get());
        publisher = new StartedEngine(underTest.engine(), "publisher");
        subscriber = new StartedEngine(underTest.another(), "subscriber");
        slot = new Partitions(underTest.options().partitions()).slot(PARTITION);
        RedisServer owner = cluster.get().primaryOf(slot);
        target = cluster.get().primaries().stream()
                .filter(primary -> primary != owner)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        publisher.stop();
        subscriber.stop();
        underTest.close();
    }

    /** Names of channels in the slot. */
    private List<String> channels(String prefix, int count) {
        List<String> channels = new ArrayList<>();
        for (int number = 0; channels.size() < count; number++) {
            String channel = prefix + number;
            if (underTest.keys().of(channel).partition() == PARTITION) {
                channels.add(channel);
            }
        }
        return channels;
    }

    private void publish(String channel, String text) {
        attempt(
                "publish to " + channel,
                publisher
                        .engine
                        .broker()
                        .publish(channel, Publication.of(Payload.ofText(text)), AppendOptions.keeping(HISTORY))
                        .doOnNext(result -> acknowledged
                                .computeIfAbsent(channel, key -> new CopyOnWriteArrayList<>())
                                .add(text)));
    }

    private void attempt(String what, Mono<?> call) {
        try {
            get(call);
        } catch (EngineException failed) {
            refused.add(what + ": " + failed.getMessage());
        }
    }

    private static ClientInfo client(String id) {
        return new ClientInfo("user of " + id, id, null, null);
    }

    private void open(String channel) {
        attempt("subscribe to " + channel, subscriber.engine.broker().subscribe(channel));
        attempt("read " + channel, Mono.fromCallable(() -> subscriber.read(channel)));
        attempt("presence of " + channel, subscriber.engine.presenceManager().add(channel, client("first")));
        assertThat(get(subscriber.engine.presenceManager().presence(channel))).containsOnlyKeys("first");
    }

    @Test
    void channelsCanBeUsedWhileTheirSlotIsMoved() {
        List<String> old = channels("chat:old", 10);
        old.forEach(channel -> {
            open(channel);
            publish(channel, "0");
        });
        List<String> fresh = channels("chat:new", 40);
        cluster.get().beginMove(slot, target);

        long end = System.nanoTime() + MOVE.toNanos();
        int opened = 0;
        for (int number = 1; System.nanoTime() < end; number++) {
            if (number % 10 == 1 && opened < fresh.size()) {
                open(fresh.get(opened++));
            }
            publish(old.get(number % old.size()), Integer.toString(number));
            publish(fresh.get(number % opened), Integer.toString(number));
            attempt("presence", publisher.engine.presenceManager().add(fresh.get(number % opened), client("second")));
            underTest.pass(Duration.ofMillis(10));
        }

        assertThat(refused).isEmpty();
        // Live, though no node is subscribed where the new channels are.
        acknowledged.forEach((channel, texts) -> eventually(
                () -> assertThat(subscriber.listener.texts(channel)).as(channel).isEqualTo(texts)));
        assertThat(subscriber.listener.disturbed()).isEmpty();

        cluster.get().moveSlots(slot, slot, target);

        acknowledged.forEach((channel, texts) -> {
            assertThat(publisher.read(channel).position().offset()).as(channel).isEqualTo(texts.size());
            get(publisher.engine.presenceManager().add(channel, client("third")));
            assertThat(get(subscriber.engine.presenceManager().presence(channel)))
                    .containsKey("third");
        });
    }

    /** Clients of many channels are refreshed together, and positions of many channels are checked together. */
    @Test
    void presenceAndPositionsOfManyChannelsOutliveASlotOfWhichHalfHasMoved() {
        List<String> channels = channels("chat:half", 20);
        Map<String, List<ClientInfo>> present =
                channels.stream().collect(toMap(channel -> channel, channel -> List.of(client("first"))));
        channels.forEach(channel -> publish(channel, "1"));
        get(publisher.engine.presenceManager().refresh(present));
        cluster.get().beginMove(slot, target);
        cluster.get().moveKeys(slot, target, keysOf(channels.subList(0, 10)));

        get(publisher.engine.presenceManager().refresh(present));
        Map<String, StreamPosition> positions = get(publisher
                .engine
                .broker()
                .positions(channels.stream().collect(toMap(channel -> channel, channel -> HISTORY))));

        assertThat(positions)
                .hasSize(20)
                .allSatisfy((channel, position) -> assertThat(position.offset()).isOne());
        channels.forEach(
                channel -> assertThat(get(publisher.engine.presenceManager().presence(channel)))
                        .as(channel)
                        .containsOnlyKeys("first"));
        cluster.get().moveSlots(slot, slot, target);
    }

    private List<String> keysOf(List<String> channels) {
        return channels.stream()
                .map(underTest.keys()::of)
                .flatMap(keys -> Stream.of(
                        keys.meta(), keys.stream(), keys.presence(), keys.presenceExpiry(), keys.presenceUsers()))
                .map(key -> new String(key, UTF_8))
                .toList();
    }

    @Test
    void keysThatAreSplitAreRefusedWithAReasonAndWorkAgainAfterTheMove() {
        String channel = channels("chat:split", 1).get(0);
        publish(channel, "1");
        cluster.get().beginMove(slot, target);
        get(publisher.engine.broker().removeHistory(channel));

        assertThatThrownBy(() -> publisher.publish(channel, "2"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("its hash slot is being moved");
        cluster.get().moveSlots(slot, slot, target);

        assertThat(publisher.publish(channel, "2").offset()).isEqualTo(2);
    }
}
