package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.engine.ConditionalOnMissingEngine;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.spi.engine.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/** Failure that names the missing libraries where the Redis engine is wanted and its libraries were left out. */
@AutoConfiguration(after = {RealtimeAutoConfiguration.class, RealtimeRedisAutoConfiguration.class})
@ConditionalOnNode
@ConditionalOnMissingEngine
@ConditionalOnMissingBean(name = "realtimeRedisEngine")
@ConditionalOnChoice(RunTimeChoice.MISSING_REDIS_ENGINE)
public final class RealtimeMissingRedisAutoConfiguration {

    /** Libraries by a class of each. */
    private static final Map<String, String> LIBRARIES = new LinkedHashMap<>();

    static {
        LIBRARIES.put("dev.realtime.engine.redis.RedisEngine", "dev.realtime:realtime-redis");
        LIBRARIES.put("io.lettuce.core.RedisClient", "io.lettuce:lettuce-core");
        LIBRARIES.put(
                "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
                "org.springframework.data:spring-data-redis");
    }

    @Bean
    Engine realtimeMissingRedisEngine(ResourceLoader resources) {
        List<String> missing = LIBRARIES.entrySet().stream()
                .filter(library -> !ClassUtils.isPresent(library.getKey(), resources.getClassLoader()))
                .map(Map.Entry::getValue)
                .toList();
        throw new ConfigurationProblemException(
                "realtime.engine",
                "`realtime.engine` is `redis` but the class path lacks %s, so it cannot connect to Redis."
                        .formatted(String.join(" and ", missing)),
                "Add it to the dependencies or do not exclude it from realtime-spring-boot-starter. "
                        + "For a single node without"
                        + " Redis, set `realtime.engine=memory`.");
    }
}
