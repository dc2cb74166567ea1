package dev.realtime.engine.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.key.Partitions;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterRoutesTests {

    private static final ClusterView SOLE_PRIMARY = viewOf(7000);

    private static final ClusterView OTHER_PRIMARY = viewOf(7001);

    private final ClusterRoutes routes = new ClusterRoutes(new Partitions(4));

    private final List<Integer> changed = new ArrayList<>();

    private static ClusterView viewOf(int port) {
        String nodes = "a 127.0.0.1:%d@%d myself,master - 0 0 1 connected 0-16383\n".formatted(port, port + 10000);
        return ClusterView.merge(List.of(ClusterPartitionParser.parse(nodes)));
    }

    private void watch() {
        routes.onOwnerChange((partition, change) -> {
            changed.add(partition);
            change.run();
        });
    }

    @Test
    void firstOwnerIsAChangeThatKeepsTheOrder() {
        watch();

        routes.use(SOLE_PRIMARY);

        assertThat(changed).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void sameOwnerIsNoChange() {
        routes.use(SOLE_PRIMARY);
        watch();

        routes.use(SOLE_PRIMARY);

        assertThat(changed).isEmpty();
    }

    @Test
    void anotherOwnerIsAChange() {
        routes.use(SOLE_PRIMARY);
        watch();

        routes.use(OTHER_PRIMARY);

        assertThat(changed).containsExactly(0, 1, 2, 3, 4);
    }
}
