package dev.realtime.conformance;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/**
 * The official JavaScript SDK at two nodes over a Redis Cluster and over a single Redis server: differences, filters,
 * numbers of channels and invalidation, over WebSocket and HTTP streaming in both encodings.
 */
class TwoNodesConformanceTests {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(120));

    @TestFactory
    @ExtendWith(TwoNodes.OverCluster.class)
    Stream<DynamicTest> scenariosPassOverARedisCluster(TwoNodes nodes) {
        return scenarios(nodes);
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverOneRedisServer() {
        try (TwoNodes nodes = TwoNodes.startOverOneServer()) {
            return scenarios(nodes);
        }
    }

    private static Stream<DynamicTest> scenarios(TwoNodes nodes) {
        record Network(List<String> nodes) {}
        List<String> urls = List.of(nodes.url(0).toString(), nodes.url(1).toString());
        return SCRIPT.tests("--nodes", urls.get(0), new JsonMapper().writeValueAsString(new Network(urls)));
    }
}
