package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.autoconfigure.actuate.RealtimeHealthAutoConfiguration;
import dev.realtime.autoconfigure.actuate.RealtimeMetricsAutoConfiguration;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.spi.engine.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** Applications that leave out the libraries of the Redis engine. */
class MissingRedisEngineAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(
                    RealtimeFacets.with(RealtimeHealthAutoConfiguration.class, RealtimeMetricsAutoConfiguration.class));

    @ParameterizedTest
    @CsvSource({
        "dev.realtime.engine.redis, dev.realtime:realtime-redis",
        "io.lettuce, io.lettuce:lettuce-core",
        "org.springframework.data.redis, org.springframework.data:spring-data-redis",
    })
    void engineThatIsWantedNamesTheLibrary(String missing, String library) {
        runner.withClassLoader(new FilteredClassLoader(missing))
                .withPropertyValues("realtime.engine=redis", "realtime.redis.address=cache")
                .run(context -> {
                    FailureAnalysis analysis = Refusals.analyze(context);

                    assertThat(analysis.getDescription())
                            .startsWith("`realtime.engine` is `redis` but the class path lacks " + library
                                    + ", so it cannot connect to Redis.");
                    assertThat(analysis.getAction()).contains("`realtime.engine=memory`");
                });
    }

    @Test
    void memoryEngineNeedsNoneOfThem() {
        runner.withClassLoader(new FilteredClassLoader(
                        "dev.realtime.engine.redis", "io.lettuce", "org.springframework.data.redis"))
                .run(context ->
                        assertThat(context).hasNotFailed().getBean(Engine.class).isInstanceOf(MemoryEngine.class));
    }

    @Test
    void memoryEngineBringsNothingOfRedis() {
        runner.run(context -> assertThat(context)
                .doesNotHaveBean(RedisConnectionConfiguration.FACTORY)
                .doesNotHaveBean(RealtimeRedisProperties.class)
                .doesNotHaveBean(EngineClientResources.class));
    }
}
