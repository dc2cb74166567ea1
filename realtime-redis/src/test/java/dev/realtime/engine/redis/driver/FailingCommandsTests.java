package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailingCommandsTests {

    private final RedisClusterAsyncCommands<byte[], byte[]> commands = FailingCommands.commands("No connection there");

    @Test
    void everyCommandFailsAtOnceWithTheReason() {
        assertThat(commands.get(new byte[0]).isDone()).isTrue();
        assertThatThrownBy(() -> commands.publish(new byte[0], new byte[0]).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RedisConnectionException.class)
                .hasMessageContaining("No connection there");
    }

    @Test
    void itIsAnObjectAsAnyOther() {
        assertThat(commands).isEqualTo(commands).isNotEqualTo(FailingCommands.commands("No connection there"));
        assertThat(commands.hashCode()).isEqualTo(commands.hashCode());
        assertThat(commands).hasToString("no connection to Redis");
    }
}
