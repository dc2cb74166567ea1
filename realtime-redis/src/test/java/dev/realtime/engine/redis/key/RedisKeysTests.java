package dev.realtime.engine.redis.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two promises of all names: one slot per channel, and never the same key for two things. */
class RedisKeysTests {

    private static final int RANDOM_NAMES = 20_000;

    /** What names are made of: all that has a meaning somewhere in keys, and some that has not. */
    private static final String[] PIECES = {
        "{", "}", "{}", "}{", ":", "1", "3", "a", "A", "stream:", "meta:", "once:", "1:", "é", "e\u0301", "日本", "😀",
        "\uFFFD", "\uD83D", "\uDE00", "?", "*", " ", "\u0000", "\r\n", "control", "\\", "%7B"
    };

    private final Partitions partitions = new Partitions(128);

    private final RedisKeys keys = new RedisKeys("realtime", partitions);

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private static List<byte[]> keysOf(RedisKeys.ChannelKeys channel, String idempotencyKey) {
        return List.of(
                channel.meta(),
                channel.stream(),
                channel.name(),
                channel.presence(),
                channel.presenceExpiry(),
                channel.presenceUsers(),
                channel.once(idempotencyKey));
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        for (int pieces = random.nextInt(6); pieces >= 0; pieces--) {
            name.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return name.toString();
    }

    @Test
    void namesAreThoseOfTheDocumentation() {
        RedisKeys.ChannelKeys channel = keys.of("chat:room");
        String tag = partitions.tag(partitions.of("chat:room"));

        assertThat(keysOf(channel, "order"))
                .extracting(RedisKeysTests::text)
                .containsExactly(
                        "realtime:1:{" + tag + "}:meta:chat:room",
                        "realtime:1:{" + tag + "}:stream:chat:room",
                        "realtime:1:{" + tag + "}:channel:chat:room",
                        "realtime:1:{" + tag + "}:presence:chat:room",
                        "realtime:1:{" + tag + "}:presence-expiry:chat:room",
                        "realtime:1:{" + tag + "}:presence-users:chat:room",
                        "realtime:1:{" + tag + "}:once:5:order:chat:room");
        assertThat(text(keys.occupancyLeases(channel.partition())))
                .isEqualTo("realtime:1:{" + tag + "}:occupancy-leases");
        assertThat(text(keys.occupancyCounts(channel.partition())))
                .isEqualTo("realtime:1:{" + tag + "}:occupancy-counts");
        assertThat(text(keys.occupancyShare(channel.partition(), "5a0c")))
                .isEqualTo("realtime:1:{" + tag + "}:occupancy-share:5a0c");
        assertThat(text(keys.layout())).isEqualTo("realtime:{control}:layout");
        assertThat(text(keys.controlName())).isEqualTo("realtime:1:{control}:control");
    }

    @Test
    void allNamesOfAChannelAreInTheSlotOfItsPartition() {
        Random random = new Random(1);
        for (int i = 0; i < RANDOM_NAMES; i++) {
            String name = randomName(random);
            RedisKeys.ChannelKeys channel = keys.of(name);

            int slot = partitions.slot(channel.partition());

            assertThat(keysOf(channel, randomName(random))).as(name).allMatch(key -> SlotHash.getSlot(key) == slot);
        }
    }

    @Test
    void noTwoThingsShareAKey() {
        Random random = new Random(2);
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < RANDOM_NAMES; i++) {
            String name = randomName(random);
            String idempotencyKey = randomName(random);
            List<byte[]> all = keysOf(keys.of(name), idempotencyKey);
            for (int kind = 0; kind < all.size(); kind++) {
                String owner = kind + "|" + name.length() + "|" + name + (kind == 6 ? "|" + idempotencyKey : "");

                String before = owners.put(new String(all.get(kind), StandardCharsets.ISO_8859_1), owner);

                assertThat(before).isIn(null, owner);
            }
        }
    }

    @Test
    void controlNamesAreInTheSlotOfTheControlPartition() {
        List<byte[]> all = new ArrayList<>(List.of(
                keys.layout(),
                keys.nodes(),
                keys.nodesExpiry(),
                keys.commands(),
                keys.controlName(),
                keys.nodeName("{a}")));

        assertThat(all).allMatch(key -> SlotHash.getSlot(key) == partitions.slot(partitions.control()));
    }

    @Test
    void prefixThatWouldDecideOfTheSlotIsRefused() {
        for (String prefix : new String[] {"", "{app}", "a{", "}"}) {
            assertThatThrownBy(() -> new RedisKeys(prefix, partitions))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("realtime.redis.prefix");
        }
    }

    @Test
    void databaseIsPartOfAllNames() {
        RedisKeys third = new RedisKeys("realtime", 3, partitions);

        assertThat(new String(third.of("a").name(), StandardCharsets.UTF_8)).startsWith("realtime:db3:1:{");
        assertThat(new String(third.controlName(), StandardCharsets.UTF_8))
                .isEqualTo("realtime:db3:1:{control}:control");
        assertThat(new String(third.layout(), StandardCharsets.UTF_8)).isEqualTo("realtime:db3:{control}:layout");
        assertThat(new RedisKeys("realtime", 0, partitions).layout()).isEqualTo(keys.layout());
    }
}
