package dev.realtime.autoconfigure.redis;

import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisTopology;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.data.redis.connection.RedisConfiguration;

/**
 * Redis of the engine: topology, addresses and TLS, from one of several sources.
 *
 * @param source origin of the addresses
 * @param topology kind of Redis
 * @param configuration addresses and credentials
 * @param tls whether connections are encrypted
 * @param bundle trusted certificates, read for each connection; {@code null} for the trust store of Java
 */
record RedisTarget(
        RedisAddresses.Source source,
        RedisTopology topology,
        RedisConfiguration configuration,
        boolean tls,
        @Nullable Supplier<SslBundle> bundle) {

    /** Leaves the credentials out. */
    @Override
    public String toString() {
        return "RedisTarget[source=%s, topology=%s, tls=%s]".formatted(source, topology, tls);
    }
}
