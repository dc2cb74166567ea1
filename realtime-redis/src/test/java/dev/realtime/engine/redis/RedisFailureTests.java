package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisFailureTests {

    @Test
    void textSaysWhatHappenedAndWhy() {
        Throwable failure = new CompletionException(new RedisConnectionException(
                "Unable to connect", new RuntimeException("outer", new ConnectException("Connection refused"))));

        assertThat(RedisFailure.text(failure)).isEqualTo("Unable to connect: Connection refused");
        assertThat(RedisFailure.text(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"MOVED 5 127.0.0.1:7000", "CROSSSLOT Keys", "CLUSTERDOWN Hash slot not served", "READONLY You"})
    void refusalsThatNameAnotherServerAreRecognised(String reply) {
        assertThat(RedisFailure.asksForAnotherServer(new RedisCommandExecutionException(reply)))
                .isTrue();
    }

    @Test
    void otherRefusalsAreNot() {
        assertThat(RedisFailure.asksForAnotherServer(new RedisCommandExecutionException("NOPERM no channel")))
                .isFalse();
    }
}
