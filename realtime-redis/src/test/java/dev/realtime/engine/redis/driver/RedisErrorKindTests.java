package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.cluster.PartitionSelectorException;
import io.lettuce.core.cluster.models.partitions.Partitions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What errors of the driver mean, and what is said of them. */
class RedisErrorKindTests {

    @Test
    void repliesAreToldApartByTheirFirstWord() {
        Map<String, RedisErrorKind> replies = Map.of(
                "CLUSTERDOWN Hash slot not served", RedisErrorKind.CLUSTERDOWN,
                "TRYAGAIN Multiple keys request during rehashing of slot", RedisErrorKind.TRYAGAIN,
                "MOVED 1 127.0.0.1:7000", RedisErrorKind.CLUSTERDOWN,
                "OOM command not allowed when used memory > 'maxmemory'.", RedisErrorKind.OOM,
                "NOREPLICAS Not enough good replicas to write.", RedisErrorKind.NOREPLICAS,
                "LOADING Redis is loading the dataset in memory", RedisErrorKind.LOADING,
                "WRONGTYPE Operation against a key holding the wrong kind of value", RedisErrorKind.WRONGTYPE,
                "READONLY You can't write against a read only replica.", RedisErrorKind.READONLY,
                "ERR Error running script: @user_script:1: -READONLY You can't write", RedisErrorKind.READONLY,
                "ERR unknown command", RedisErrorKind.OTHER);

        replies.forEach((reply, expected) -> assertThat(RedisErrorKind.of(new RedisCommandExecutionException(reply)))
                .as(reply)
                .isEqualTo(expected));
    }

    @Test
    void errorsOfTheDriverAreToldApart() {
        assertThat(RedisErrorKind.of(new RedisCommandTimeoutException("timed out")))
                .isEqualTo(RedisErrorKind.TIMEOUT);
        assertThat(RedisErrorKind.of(new RedisException("Currently not connected. Commands are rejected.")))
                .isEqualTo(RedisErrorKind.DISCONNECTED);
        assertThat(RedisErrorKind.of(
                        new CompletionException(new RedisNoScriptException("NOSCRIPT No matching script"))))
                .isEqualTo(RedisErrorKind.NOSCRIPT);
        assertThat(RedisErrorKind.of(new RedisReadOnlyException("READONLY You can't write")))
                .isEqualTo(RedisErrorKind.READONLY);
        assertThat(RedisErrorKind.of(new PartitionSelectorException("Cannot determine a partition", new Partitions())))
                .isEqualTo(RedisErrorKind.CLUSTERDOWN);
        assertThat(RedisErrorKind.of(new IllegalStateException("a defect"))).isEqualTo(RedisErrorKind.OTHER);
    }

    @Test
    void onlyWhatTheServerCertainlyDidNotDoIsTriedAgain() {
        for (RedisErrorKind failure : RedisErrorKind.values()) {
            assertThat(failure.isPassingRefusal())
                    .as(failure.name())
                    .isEqualTo(failure == RedisErrorKind.CONNECTING
                            || failure == RedisErrorKind.READONLY
                            || failure == RedisErrorKind.CLUSTERDOWN
                            || failure == RedisErrorKind.TRYAGAIN
                            || failure == RedisErrorKind.LOADING
                            || failure == RedisErrorKind.BUSY);
        }
    }

    @Test
    void textSaysWhatWhyAndWhatToDo() {
        String text = RedisErrorKind.TIMEOUT
                .toException(
                        "Publishing to channel 'a'",
                        Duration.ofSeconds(1),
                        new RedisCommandTimeoutException("Command timed out after 1 second(s)"))
                .getMessage();

        assertThat(text)
                .startsWith(
                        "Publishing to channel 'a' failed: Redis did not answer within 1000 ms, so it may or may not")
                .contains("`realtime.redis.read-timeout`")
                .endsWith("(Command timed out after 1 second(s))");
    }
}
