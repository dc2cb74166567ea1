package dev.realtime.engine.redis.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTests {

    private final Partitions partitions = new Partitions(128);

    private int partitionOf(String name) {
        return partitions.ofName(name.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyPartitionIsFoundByItsTag() {
        for (int partition = 0; partition <= partitions.control(); partition++) {
            assertThat(partitionOf("app:1:{" + partitions.tag(partition) + "}:pub:{room}"))
                    .isEqualTo(partition);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "name", "{", "}", "}{", "{}", "{never-a-tag}", "a{b", "a}b{c"})
    void nameOfSomebodyElseHasNone(String name) {
        assertThat(partitionOf(name)).isEqualTo(-1);
    }
}
