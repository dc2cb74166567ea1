package dev.realtime.autoconfigure.engine;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.realtime.failure.ConfigurationProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class UnusedRedisAddressCheckTests {

    @ParameterizedTest
    @CsvSource({
        "realtime.redis.address, realtime.redis.address, Redis",
        "realtime.redis.cluster-address, realtime.redis.cluster-address, the cluster",
        "realtime.redis.cluster-address[0], realtime.redis.cluster-address, the cluster",
        "realtime.redis.sentinelAddress, realtime.redis.sentinel-address, Sentinel",
    })
    void anAddressBesideTheMemoryEngineIsRefused(String written, String property, String what) {
        MockEnvironment environment = new MockEnvironment().withProperty(written, "redis://user:secret@cache:6379");

        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> UnusedRedisAddressCheck.check(environment))
                .withMessage(
                        "`%1$s` is set but `realtime.engine` is `memory`, so %2$s would not be used. Set"
                                + " `realtime.engine=redis`, or remove `%1$s`.",
                        property, what);
    }

    @Test
    void anEmptyAddressIsNone() {
        MockEnvironment environment = new MockEnvironment().withProperty("realtime.redis.cluster-address", "");

        assertThatNoException().isThrownBy(() -> UnusedRedisAddressCheck.check(environment));
    }
}
