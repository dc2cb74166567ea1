package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisAcl;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The rights that the page about Redis prints are enough to count occupied channels, and to give up those of a lost
 * node.
 */
class OccupancyRightsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.of(() -> RedisServer.builder()
            .user(RedisAcl.data(RedisTopology.STANDALONE, "app", "secret", "test"))
            .start());

    @Test
    void userWithFewRightsIsNotifiedOfChannelsAndOfLostNodes() {
        RedisEngineUnderTest underTest = RedisEngineUnderTest.on(redis.get(), "app", "secret");
        OccupancyNode node = new OccupancyNode(underTest.engine(), "node");
        MortalEngine mortal = underTest.newMortalEngine();
        try {
            OccupancyNode lost = new OccupancyNode(mortal.engine(), "lost");
            node.occupy("a");
            lost.occupy("b");

            mortal.kill();

            eventually(() -> assertThat(node.listener.told()).containsExactly("occupied a", "vacated b"));
        } finally {
            node.stop();
            underTest.close();
        }
        assertThat(node.listener.told()).endsWith("vacated a");
    }
}
