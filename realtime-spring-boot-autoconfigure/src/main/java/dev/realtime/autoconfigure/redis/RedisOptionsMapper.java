package dev.realtime.autoconfigure.redis;

import static dev.realtime.autoconfigure.PropertyRules.positive;
import static dev.realtime.autoconfigure.PropertyRules.shown;
import static dev.realtime.autoconfigure.redis.RealtimeRedisProperties.PREFIX;

import dev.realtime.autoconfigure.PropertiesMapper;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.failure.ConfigurationProblemException;
import java.time.Duration;
import java.util.regex.Pattern;

/** Mapping of {@code realtime.redis.*} to the options of the engine, which does not know the properties. */
final class RedisOptionsMapper {

    private static final int MAX_PARTITIONS = 4096;

    private static final int MAX_POOL_SIZE = 1000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]+");

    private RedisOptionsMapper() {}

    /** @throws ConfigurationProblemException if a value is refused, by itself or beside another one */
    static RedisEngineOptions engineOptions(
            RealtimeRedisProperties redis, RealtimeClientProperties client, RedisTopology topology) {
        return RedisEngineOptions.builder(topology)
                .prefix(prefix(redis.prefix()))
                .partitions(between(PREFIX + "partitions", redis.partitions(), MAX_PARTITIONS))
                .pubSub(redis.pubsub())
                .poolSize(between(PREFIX + "pool-size", redis.poolSize(), MAX_POOL_SIZE))
                .connectTimeout(positive(
                        PREFIX + "connect-timeout", redis.connectTimeout(), "so no connection could be opened in time"))
                .commandTimeout(positive(
                        PREFIX + "read-timeout", redis.readTimeout(), "so no command could be answered in time"))
                .topologyRefreshInterval(positive(
                        PREFIX + "topology-refresh-interval",
                        redis.topologyRefreshInterval(),
                        "but the topology is read at that interval"))
                .presenceTtl(presenceTtl(redis, client))
                .pingTimeout(positive(
                        PREFIX + "ping-timeout",
                        redis.pingTimeout(),
                        "so every connection would be replaced before Redis could answer"))
                .waitForRedis(redis.startup() == RealtimeRedisProperties.Startup.WAIT)
                .readFrom(redis.readFrom())
                .build();
    }

    private static String prefix(String prefix) {
        if (!NAME.matcher(prefix).matches()) {
            throw new ConfigurationProblemException(
                    PREFIX + "prefix",
                    ("`realtime.redis.prefix` is `%s`, but names of keys begin with it: braces would "
                                            + "move them all to one place of")
                                    .formatted(prefix)
                            + " a cluster, and wildcards have a meaning in the rights of Redis users.",
                    "Set it to letters, digits, `-`, `_`, `.` and `:`, or remove it for the default.");
        }
        return prefix;
    }

    private static int between(String property, int value, int most) {
        if (value < 1 || value > most) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%d`, but must be from 1 to %d.".formatted(property, value, most),
                    "Set it within that range, or remove it for the default.");
        }
        return value;
    }

    private static Duration presenceTtl(RealtimeRedisProperties redis, RealtimeClientProperties client) {
        String property = PREFIX + "presence-ttl";
        Duration ttl = PropertiesMapper.presenceTtl(property, redis.presenceTtl(), client);
        if (ttl.toMillis() % 1000 != 0) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, but Redis takes whole seconds.".formatted(property, shown(ttl)),
                    "Set it to whole seconds, such as `60s`.");
        }
        return ttl;
    }
}
