package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisReadFrom;
import dev.realtime.engine.redis.options.RedisTopology;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Properties of the Redis engine as the engine gets them. */
class RedisOptionsMapperTests {

    private static RedisEngineOptions options(Map<String, String> properties) {
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        return RedisOptionsMapper.engineOptions(
                binder.bindOrCreate("realtime.redis", RealtimeRedisProperties.class),
                binder.bindOrCreate("realtime.client", RealtimeClientProperties.class),
                RedisTopology.STANDALONE);
    }

    private static RedisReadFrom readFrom(Map<String, String> properties) {
        return options(properties).readFrom();
    }

    @ParameterizedTest
    @MethodSource("durations")
    void everyDurationReachesTheEngine(String property, Function<RedisEngineOptions, Duration> option) {
        assertThat(option.apply(options(Map.of("realtime.redis." + property, "71s"))))
                .isEqualTo(Duration.ofSeconds(71));
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                duration("connect-timeout", RedisEngineOptions::connectTimeout),
                duration("read-timeout", RedisEngineOptions::commandTimeout),
                duration("topology-refresh-interval", RedisEngineOptions::topologyRefreshInterval),
                duration("ping-timeout", RedisEngineOptions::pingTimeout),
                duration("presence-ttl", RedisEngineOptions::presenceTtl));
    }

    private static Arguments duration(String property, Function<RedisEngineOptions, Duration> option) {
        return Arguments.of(property, option);
    }

    @Test
    void readsGoToThePrimaryByDefault() {
        assertThat(readFrom(Map.of())).isEqualTo(RedisReadFrom.PRIMARY);
    }

    @ParameterizedTest
    @CsvSource({"primary, PRIMARY", "replica-preferred, REPLICA_PREFERRED"})
    void readsGoWhereThePropertySays(String value, RedisReadFrom expected) {
        assertThat(readFrom(Map.of("realtime.redis.read-from", value))).isEqualTo(expected);
    }
}
