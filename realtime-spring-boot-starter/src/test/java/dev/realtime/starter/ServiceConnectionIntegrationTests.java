package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.containers.GenericContainer;

/**
 * {@code @ServiceConnection} with the starter alone: no address is written anywhere, and Spring Boot's module for Redis
 * is not there. The container stands for a server that runs without Docker.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "realtime.engine=redis",
            "realtime.shutdown.spread=0s",
            "realtime.channel.namespaces.chat.history-size=10",
            "realtime.channel.namespaces.chat.history-ttl=1m"
        })
class ServiceConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension<RedisServer> server = RedisExtension.standalone();

    @ServiceConnection
    static final Redis redis = new Redis();

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeChannels channels;

    @Test
    void engineFindsTheContainer() {
        publisher.publish("chat:room", "hello").block(PATIENCE);

        assertThat(channels.history("chat:room", HistoryQuery.latest(1))
                        .block(PATIENCE)
                        .publications())
                .hasSize(1);
        assertThat(server.get().text("KEYS", "realtime*")).contains("chat:room");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /** A container that runs already. */
    private static final class Redis extends GenericContainer<Redis> {

        Redis() {
            super("redis:7");
        }

        @Override
        public String getDockerImageName() {
            return "redis:7";
        }

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public String getHost() {
            return RedisServer.HOST;
        }

        @Override
        public Integer getMappedPort(int port) {
            return server.get().port();
        }
    }
}
