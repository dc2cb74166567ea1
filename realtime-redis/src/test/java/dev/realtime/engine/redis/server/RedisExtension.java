package dev.realtime.engine.redis.server;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Starts servers before the first test of a class and ends them after the last, and prints what they logged when a test
 * fails.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();
 * }</pre>
 *
 * @param <S> the servers
 */
public final class RedisExtension<S extends RedisServers> implements BeforeAllCallback, AfterAllCallback, TestWatcher {

    private final Supplier<S> starter;

    private @Nullable S servers;

    private RedisExtension(Supplier<S> starter) {
        this.starter = starter;
    }

    /** One server without password. */
    public static RedisExtension<RedisServer> standalone() {
        return of(RedisServer::started);
    }

    /** Three primaries with a replica each. */
    public static RedisExtension<RedisClusterServers> cluster() {
        return of(RedisClusterServers::started);
    }

    /** A primary, a replica and three Sentinels. */
    public static RedisExtension<RedisSentinelServers> sentinel() {
        return of(RedisSentinelServers::started);
    }

    /** Servers with settings of their own. */
    public static <S extends RedisServers> RedisExtension<S> of(Supplier<S> starter) {
        return new RedisExtension<>(starter);
    }

    /** The running servers. */
    public S get() {
        if (servers == null) {
            throw new IllegalStateException(
                    "Register this extension in a static field; its servers live with the class");
        }
        return servers;
    }

    @Override
    public void beforeAll(ExtensionContext testClass) {
        servers = starter.get();
    }

    @Override
    public void afterAll(ExtensionContext testClass) {
        if (servers != null) {
            servers.close();
            servers = null;
        }
    }

    @Override
    public void testFailed(ExtensionContext test, Throwable cause) {
        if (servers != null) {
            System.err.printf("%s failed. The servers logged:%n%s%n", test.getDisplayName(), servers.logs());
        }
    }
}
