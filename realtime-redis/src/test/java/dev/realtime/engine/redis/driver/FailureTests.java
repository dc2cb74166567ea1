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
class FailureTests {

    @Test
    void repliesAreToldApartByTheirFirstWord() {
        Map<String, Failure> replies = Map.of(
                "CLUSTERDOWN Hash slot not served", Failure.CLUSTERDOWN,
                "TRYAGAIN Multiple keys request during rehashing of slot", Failure.TRYAGAIN,
                "MOVED 1 127.0.0.1:7000", Failure.CLUSTERDOWN,
                "OOM command not allowed when used memory > 'maxmemory'.", Failure.OOM,
                "NOREPLICAS Not enough good replicas to write.", Failure.NOREPLICAS,
                "LOADING Redis is loading the dataset in memory", Failure.LOADING,
                "WRONGTYPE Operation against a key holding the wrong kind of value", Failure.WRONGTYPE,
                "READONLY You can't write against a read only replica.", Failure.READONLY,
                "ERR Error running script: @user_script:1: -READONLY You can't write", Failure.READONLY,
                "ERR unknown command", Failure.OTHER);

        replies.forEach((reply, expected) -> assertThat(Failure.of(new RedisCommandExecutionException(reply)))
                .as(reply)
                .isEqualTo(expected));
    }

    @Test
    void errorsOfTheDriverAreToldApart() {
        assertThat(Failure.of(new RedisCommandTimeoutException("timed out"))).isEqualTo(Failure.TIMEOUT);
        assertThat(Failure.of(new RedisException("Currently not connected. Commands are rejected.")))
                .isEqualTo(Failure.DISCONNECTED);
        assertThat(Failure.of(new CompletionException(new RedisNoScriptException("NOSCRIPT No matching script"))))
                .isEqualTo(Failure.NOSCRIPT);
        assertThat(Failure.of(new RedisReadOnlyException("READONLY You can't write")))
                .isEqualTo(Failure.READONLY);
        assertThat(Failure.of(new PartitionSelectorException("Cannot determine a partition", new Partitions())))
                .isEqualTo(Failure.CLUSTERDOWN);
        assertThat(Failure.of(new IllegalStateException("a defect"))).isEqualTo(Failure.OTHER);
    }

    @Test
    void onlyWhatTheServerCertainlyDidNotDoIsTriedAgain() {
        for (Failure failure : Failure.values()) {
            assertThat(failure.isPassingRefusal())
                    .as(failure.name())
                    .isEqualTo(failure == Failure.CONNECTING
                            || failure == Failure.READONLY
                            || failure == Failure.CLUSTERDOWN
                            || failure == Failure.TRYAGAIN
                            || failure == Failure.LOADING
                            || failure == Failure.BUSY);
        }
    }

    @Test
    void textSaysWhatWhyAndWhatToDo() {
        String text = Failure.TIMEOUT
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
