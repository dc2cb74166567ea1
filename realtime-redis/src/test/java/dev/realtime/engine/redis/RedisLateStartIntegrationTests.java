package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that starts before Redis does, because it is configured to wait. */
class RedisLateStartIntegrationTests {

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private RedisEngineUnderTest underTest;

    private StartedEngine engine;

    @BeforeEach
    void startWithoutRedis() {
        redis.get().stop();
        underTest = RedisEngineUnderTest.waiting(redis.get());
        engine = new StartedEngine(underTest.engine(), "node");
    }

    @AfterEach
    void stop() {
        engine.stop();
        underTest.close();
        if (!redis.get().running()) {
            redis.get().start();
        }
    }

    @Test
    void startsAndFailsWhatNeedsRedisUntilItIsThere() {
        assertThat(engine.engine.status().working()).isFalse();
        assertThatThrownBy(() -> engine.publish(CHANNEL, "1")).isInstanceOf(EngineException.class);

        redis.get().start();

        eventually(() -> assertThat(engine.engine.status().working()).isTrue());
        engine.subscribe(CHANNEL);
        assertThat(engine.publish(CHANNEL, "2").offset()).isOne();
        eventually(() -> assertThat(engine.listener.texts(CHANNEL)).containsExactly("2"));
        eventually(() -> assertThat(get(engine.engine.controlBus().nodes())).containsExactly(engine.node.describe()));
    }

    @Test
    void stopsWithoutRedis() {
        long began = System.nanoTime();

        engine.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void findsLaterThatItMustNotTakePart() {
        redis.get().start();
        redis.get()
                .execute(
                        "HSET",
                        new String(underTest.keys().layout(), java.nio.charset.StandardCharsets.UTF_8),
                        "version",
                        "99",
                        "partitions",
                        "128");

        eventually(() -> assertThat(engine.engine.status().problem()).contains("layout version 99"));
        assertThat(engine.engine.status().working()).isFalse();
    }
}
