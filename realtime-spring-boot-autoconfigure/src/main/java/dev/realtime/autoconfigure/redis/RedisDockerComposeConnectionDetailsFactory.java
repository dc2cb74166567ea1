package dev.realtime.autoconfigure.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/**
 * Factory that connects the engine to a Redis service of a {@code compose.yaml}, without a property and without Spring
 * Boot's module for Redis.
 */
final class RedisDockerComposeConnectionDetailsFactory
        extends DockerComposeConnectionDetailsFactory<RealtimeRedisConnectionDetails> {

    RedisDockerComposeConnectionDetailsFactory() {
        super(new String[] {"redis", "redis/redis-stack", "redis/redis-stack-server"});
    }

    @Override
    protected RealtimeRedisConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new Details(source.getRunningService());
    }

    private static final class Details extends DockerComposeConnectionDetails
            implements RealtimeRedisConnectionDetails {

        private static final int PORT = 6379;

        private final Standalone standalone;

        private final @Nullable SslBundle sslBundle;

        private Details(RunningService service) {
            super(service);
            this.standalone = Standalone.of(service.host(), service.ports().get(PORT));
            this.sslBundle = getSslBundle(service);
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return sslBundle;
        }

        @Override
        public Standalone getStandalone() {
            return standalone;
        }
    }
}
