package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.RedisReadFrom;
import dev.realtime.engine.redis.RedisTopology;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Properties of the Redis engine as the engine gets them. */
class RedisOptionsMapperTests {

    private static RedisReadFrom readFrom(Map<String, String> properties) {
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        return RedisOptionsMapper.engineOptions(
                        binder.bindOrCreate("realtime.redis", RealtimeRedisProperties.class),
                        binder.bindOrCreate("realtime.client", RealtimeClientProperties.class),
                        RedisTopology.STANDALONE)
                .readFrom();
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
