package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.engine.redis.presence.RedisPresenceManager;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PresenceLimitIntegrationTests {

    private static final String CHANNEL = "stadium";

    private static final int BATCH = 10_000;

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Test
    void presenceOfTooManyClientsIsRefusedAndStatsAreNot() {
        RedisEngineUnderTest underTest = RedisEngineUnderTest.withLongPresence(redis.get());
        StartedEngine node = new StartedEngine(underTest.engine(), "node");
        try {
            for (int from = 0; from < RedisPresenceManager.MOST_PRESENT; from += BATCH) {
                add(node, from, BATCH);
            }
            assertThat(get(node.engine.presenceManager().presence(CHANNEL))).hasSize(RedisPresenceManager.MOST_PRESENT);

            add(node, RedisPresenceManager.MOST_PRESENT, 1);

            assertThatThrownBy(() -> get(node.engine.presenceManager().presence(CHANNEL)))
                    .isInstanceOf(ResultTooLongException.class)
                    .hasMessageContaining("'stadium' has 100001 clients, and presence of more than 100000");
            assertThat(get(node.engine.presenceManager().stats(CHANNEL)).clients())
                    .isEqualTo(RedisPresenceManager.MOST_PRESENT + 1);
        } finally {
            node.stop();
            underTest.close();
        }
    }

    private static void add(StartedEngine node, int from, int count) {
        List<ClientInfo> clients = IntStream.range(from, from + count)
                .mapToObj(i -> new ClientInfo("user-" + i, "client-" + i, null, null))
                .toList();
        get(node.engine.presenceManager().refresh(Map.of(CHANNEL, clients)));
    }
}
