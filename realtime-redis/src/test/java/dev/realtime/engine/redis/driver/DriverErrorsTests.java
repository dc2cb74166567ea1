package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;

class DriverErrorsTests {

    @Test
    void oneOfSeveralFailuresStandsForAll() {
        RuntimeException several = Exceptions.multiple(
                new RedisException("Unable to connect to a:1", new java.net.ConnectException("Connection refused")),
                new RedisException("Unable to connect to b:1"));

        assertThat(DriverErrors.text(several)).isEqualTo("Connection refused");
        assertThat(DriverErrors.text(new RedisException("Cannot connect", several)))
                .isEqualTo("Cannot connect: Connection refused");
    }

    @Test
    void textSaysWhatHappenedAndWhy() {
        Throwable failure = new CompletionException(new RedisConnectionException(
                "Unable to connect", new RuntimeException("outer", new ConnectException("Connection refused"))));

        assertThat(DriverErrors.text(failure)).isEqualTo("Unable to connect: Connection refused");
        assertThat(DriverErrors.text(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"MOVED 5 127.0.0.1:7000", "CROSSSLOT Keys", "CLUSTERDOWN Hash slot not served", "READONLY You"})
    void refusalsThatNameAnotherServerAreRecognised(String reply) {
        assertThat(DriverErrors.asksForAnotherServer(new RedisCommandExecutionException(reply)))
                .isTrue();
    }

    @Test
    void otherRefusalsAreNot() {
        assertThat(DriverErrors.asksForAnotherServer(new RedisCommandExecutionException("NOPERM no channel")))
                .isFalse();
    }
}
