package dev.realtime.autoconfigure.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/**
 * Factory that connects the engine to a container with {@code @ServiceConnection}, without a property and without
 * Spring Boot's module for Redis. The name of the connection, or of the image, must be one that Spring Boot regards as
 * Redis, such as {@code redis}.
 */
final class RedisContainerConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<Container<?>, RealtimeRedisConnectionDetails> {

    /** Images that Spring Boot regards as Redis too. */
    private static final List<String> IMAGES = List.of("redis", "redis/redis-stack", "redis/redis-stack-server");

    private static final int PORT = 6379;

    RedisContainerConnectionDetailsFactory() {
        super(IMAGES);
    }

    @Override
    protected RealtimeRedisConnectionDetails getContainerConnectionDetails(
            ContainerConnectionSource<Container<?>> source) {
        return new Details(source);
    }

    private static final class Details extends ContainerConnectionDetails<Container<?>>
            implements RealtimeRedisConnectionDetails {

        private Details(ContainerConnectionSource<Container<?>> source) {
            super(source);
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }

        @Override
        public Standalone getStandalone() {
            return Standalone.of(getContainer().getHost(), getContainer().getMappedPort(PORT));
        }
    }
}
