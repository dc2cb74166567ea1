package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.webflux.ServerEventLoops;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.EventLoopGroupProvider;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.netty.resources.LoopResources;

/** The engine's connections on the event loops of the web server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SharedEventLoopsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @Test
    void repliesArriveOnTheLoopsOfTheServerWhichRemainAtTheEnd() throws Exception {
        LoopResources loops = LoopResources.create("server", 1, true);
        EngineClientResources resources =
                new EngineClientResources(null, SharedEventLoops.of(loops).orElseThrow(), Duration.ofSeconds(5));
        RedisClient client = RedisClient.create(
                resources.resources(), "redis://" + redis.get().address());

        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            String thread = connection
                    .async()
                    .blpop(0.2, "nothing")
                    .thenApply(nothing -> Thread.currentThread().getName())
                    .toCompletableFuture()
                    .get();

            assertThat(thread).startsWith("server-");
        }
        client.shutdown(0, 1, TimeUnit.SECONDS);
        resources.destroy();

        assertThat(loops.onServer(LoopResources.DEFAULT_NATIVE)
                        .submit(() -> "runs")
                        .get())
                .isEqualTo("runs");
        loops.disposeLater().block();
    }

    @Test
    void loopsThatServeOtherSocketsAreNotShared() {
        LoopResources loops = LoopResources.create("portable", 1, true);
        LoopResources portable = useNative -> loops.onServer(false);

        assertThat(SharedEventLoops.of(portable).isPresent()).isEqualTo(!LoopResources.hasNativeSupport());
        loops.disposeLater().block();
    }

    @Test
    void applicationSharesThemWhereTheServerHasItsOwn() {
        try (RedisApplication application = RedisApplication.start(
                "realtime.redis.address=" + redis.get().address(), "realtime.server.event-loops=per-processor")) {
            EventLoopGroupProvider provider =
                    application.bean(EngineClientResources.class).resources().eventLoopGroupProvider();

            assertThat(provider instanceof SharedEventLoops).isEqualTo(ServerEventLoops.tooManyByDefault());
        }
    }

    @Test
    void driverKeepsItsOwnWhereTheServerRunsOnThoseOfTheApplication() {
        try (RedisApplication application =
                RedisApplication.start("realtime.redis.address=" + redis.get().address())) {
            EventLoopGroupProvider provider =
                    application.bean(EngineClientResources.class).resources().eventLoopGroupProvider();

            assertThat(provider).isNotInstanceOf(SharedEventLoops.class);
        }
    }
}
