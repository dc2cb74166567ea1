package dev.realtime.autoconfigure.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.actuate.RealtimeHealthAutoConfiguration;
import dev.realtime.autoconfigure.actuate.RealtimeMetricsAutoConfiguration;
import dev.realtime.autoconfigure.disabled.RealtimeDisabledAutoConfiguration;
import dev.realtime.autoconfigure.engine.RealtimeMemoryEngineAutoConfiguration;
import dev.realtime.autoconfigure.event.RealtimeEventsAutoConfiguration;
import dev.realtime.autoconfigure.handler.RealtimeHandlersAutoConfiguration;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiAutoConfiguration;
import dev.realtime.autoconfigure.payload.RealtimePayloadAutoConfiguration;
import dev.realtime.autoconfigure.redis.RealtimeMissingRedisAutoConfiguration;
import dev.realtime.autoconfigure.redis.RealtimeRedisAutoConfiguration;
import dev.realtime.autoconfigure.server.RealtimeServerAutoConfiguration;
import dev.realtime.autoconfigure.token.RealtimeTokenCheckAutoConfiguration;
import dev.realtime.autoconfigure.transaction.RealtimeTransactionAutoConfiguration;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import dev.realtime.autoconfigure.webflux.RealtimeWebFluxAutoConfiguration;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.spi.engine.Engine;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.reactive.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.boot.web.context.reactive.GenericReactiveWebApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/** An application that is processed ahead of time with some properties, and started with others. */
class AheadOfTimeIntegrationTests {

    private static final String[] NONE = {};

    private static final String[] REDIS = {
        "realtime.engine=redis", "realtime.redis.startup=wait", "realtime.redis.address=cache"
    };

    private static final String[] KEY = {"realtime.http-api.key=one-that-only-the-deployment-knows"};

    private static final String[] PORT = {"realtime.server.port=0"};

    private static final String[] NO_ENDPOINT = {"realtime.websocket.enabled=false"};

    @Test
    @CompileWithForkedClassLoader
    void beansAreThoseThatPropertiesAskForWhenTheApplicationStarts() {
        build(NONE, application -> {
            application.start(NONE, AheadOfTimeIntegrationTests::hasTheBeansOfAnUnprocessedOne);
            application.start(KEY, AheadOfTimeIntegrationTests::hasTheBeansOfAnUnprocessedOne);
            application.start(PORT, AheadOfTimeIntegrationTests::hasTheBeansOfAnUnprocessedOne);
            application.start(NO_ENDPOINT, AheadOfTimeIntegrationTests::hasTheBeansOfAnUnprocessedOne);
            application.start(REDIS, (context, properties) -> {
                hasTheBeansOfAnUnprocessedOne(context, properties);
                assertThat(context.getBean(Engine.class)).isInstanceOf(RedisEngine.class);
            });
        });
    }

    @Test
    @CompileWithForkedClassLoader
    void memoryEngineIsChosenWhenAnApplicationThatWasBuiltWithRedisStarts() {
        build(
                REDIS,
                application -> application.start(NONE, (context, properties) -> {
                    hasTheBeansOfAnUnprocessedOne(context, properties);
                    assertThat(context.getBean(Engine.class)).isInstanceOf(MemoryEngine.class);
                    assertThat(context.getBean(RealtimePublisher.class)
                                    .publish("news", "hello")
                                    .block())
                            .isNotNull();
                }));
    }

    /** Processes the application with some properties and compiles what comes of it. */
    private static void build(String[] properties, Consumer<Processed> assertions) {
        TestGenerationContext generation = new TestGenerationContext();
        TestPropertyValues.of("spring.aot.processing=true")
                .applyToSystemProperties(() ->
                        new ApplicationContextAotGenerator().processAheadOfTime(application(properties), generation));
        generation.writeGeneratedContent();
        TestCompiler.forSystem()
                .with(generation)
                .compile(compiled ->
                        assertions.accept(new Processed(compiled.getInstance(ApplicationContextInitializer.class))));
    }

    /** An application as ahead-of-time processing left it. */
    private record Processed(ApplicationContextInitializer<?> initializer) {

        @SuppressWarnings("unchecked")
        void start(String[] properties, BiConsumer<GenericApplicationContext, String[]> assertions) {
            TestPropertyValues.of("spring.aot.enabled=true").applyToSystemProperties(() -> {
                try (GenericReactiveWebApplicationContext context = new GenericReactiveWebApplicationContext()) {
                    TestPropertyValues.of(properties).applyTo(context);
                    ((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
                    context.refresh();
                    assertions.accept(context, properties);
                }
                return null;
            });
        }
    }

    private static void hasTheBeansOfAnUnprocessedOne(GenericApplicationContext processed, String[] properties) {
        try (GenericApplicationContext context = application(properties)) {
            System.clearProperty("spring.aot.enabled");
            context.refresh();
            assertThat(names(processed)).isEqualTo(names(context));
        }
    }

    private static GenericApplicationContext application(String... properties) {
        AnnotationConfigReactiveWebApplicationContext context = new AnnotationConfigReactiveWebApplicationContext();
        TestPropertyValues.of(properties).applyTo(context);
        context.register(Application.class);
        return context;
    }

    private static Set<String> names(GenericApplicationContext context) {
        Set<String> names = new TreeSet<>(Set.of(context.getBeanDefinitionNames()));
        // Properties that nothing reads do no harm.
        names.removeIf(name -> !name.startsWith("realtime") || name.endsWith("Properties"));
        return names;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        RealtimeAutoConfiguration.class,
        RealtimeDisabledAutoConfiguration.class,
        RealtimeEventsAutoConfiguration.class,
        RealtimeHandlersAutoConfiguration.class,
        RealtimeMemoryEngineAutoConfiguration.class,
        RealtimeMissingRedisAutoConfiguration.class,
        RealtimePayloadAutoConfiguration.class,
        RealtimeRedisAutoConfiguration.class,
        RealtimeServerAutoConfiguration.class,
        RealtimeStartupAutoConfiguration.class,
        RealtimeTokenCheckAutoConfiguration.class,
        RealtimeTransactionAutoConfiguration.class,
        RealtimeWebSocketAutoConfiguration.class,
        RealtimeWebFluxAutoConfiguration.class,
        RealtimeHttpApiAutoConfiguration.class,
        RealtimeHealthAutoConfiguration.class,
        RealtimeMetricsAutoConfiguration.class
    })
    static class Application {}
}
