package dev.realtime.autoconfigure.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.realtime.api.NodeDescription;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.statistics.NodeStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** The warm-up on real sockets, before the first client. */
@ExtendWith(OutputCaptureExtension.class)
class WarmUpIntegrationTests {

    private static final Duration MANY_MINUTES = Duration.ofMinutes(30);

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Authenticator authenticator() {
            return mock(Authenticator.class);
        }

        @Bean
        ChannelAuthorizer authorizer() {
            return mock(ChannelAuthorizer.class);
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    private static SpringApplicationBuilder application(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .properties("server.port=0", "spring.main.banner-mode=off")
                .properties(properties);
    }

    /** A compiler that has little to do in its second window, on a clock of its own: the traffic has two rounds. */
    private static Compiler doneAfterTwoRounds() {
        AtomicLong nanos = new AtomicLong();
        return new Compiler(() -> 0, () -> nanos.getAndAdd(Compiler.WINDOW.toNanos() * 2 / 3));
    }

    @Test
    void trafficWithTokensEndsWhenTheCompilerIsDone(CapturedOutput output) throws IOException {
        for (Tokens tokens : List.of(Tokens.hmac(), Tokens.rsa())) {
            Traffic traffic = new Traffic(() -> tokens, doneAfterTwoRounds(), MANY_MINUTES);

            traffic.play();

            // A round of each encoding.
            assertThat(traffic.clients()).isEqualTo(100);
        }
        assertThat(output).doesNotContain("WARN", "ERROR");
    }

    /** The time is over after the first round. */
    @Test
    void warmUpLeavesNoTrace(CapturedOutput output) {
        try (ConfigurableApplicationContext context =
                application("realtime.warm-up=1ms").run()) {
            NodeDescription node = context.getBean(RealtimeNode.class).describe();
            assertThat(List.of(node.clients(), node.users(), node.subscriptions(), node.channels()))
                    .containsOnly(0);
            NodeStatistics statistics = context.getBean(RealtimeNode.class).statistics();
            assertThat(statistics.messagesReceived() + statistics.messagesSent())
                    .isZero();
            assertThat(context.getBean(MeterRegistry.class).getMeters())
                    .extracting(meter -> meter.getId().toString())
                    .filteredOn(id -> id.contains("name='realtime."))
                    .noneMatch(id -> id.contains(PrivateServer.RECOVERED) || id.contains("warm"));
            verifyNoInteractions(context.getBean(Authenticator.class), context.getBean(ChannelAuthorizer.class));
            assertThat(output.getAll().toLowerCase(Locale.ROOT)).doesNotContain("warm");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(threads()).isEmpty());
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("realtime-warm-up"))
                .toList();
    }

    @Test
    void applicationThatIsClosedInTheMeantimeEnds(CapturedOutput output) {
        AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            ConfigurableApplicationContext context = application(
                            "realtime.warm-up=30m", "spring.docker.compose.enabled=false")
                    .initializers(starting::set)
                    .run();
            assertThat(context).isNotNull();
        });
        await().atMost(Duration.ofSeconds(120))
                .until(() -> run.isDone() || threads().contains("realtime-warm-up"));
        assertThat(run).isNotDone();
        ConfigurableApplicationContext context = starting.get();
        assertThat(((WebServerApplicationContext) context).getWebServer().getPort())
                .as("the port is not open yet")
                .isLessThanOrEqualTo(0);

        context.close();

        // The start completes or fails, depending on when Spring notices that it no longer waits.
        await().atMost(Duration.ofSeconds(120)).until(run::isDone);
        assertThat(context.isActive()).isFalse();
        assertThat(output).doesNotContain("A client was refused");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void failureDoesNotStopTheStart(CapturedOutput output) {
        AtomicLong reads = new AtomicLong();
        AtomicLong nanos = new AtomicLong();
        Compiler broken = new Compiler(
                () -> {
                    if (reads.getAndIncrement() > 0) {
                        throw new OutOfMemoryError("provoked");
                    }
                    return 0;
                },
                () -> nanos.getAndAdd(Compiler.WINDOW.toNanos()));
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.refresh();
            WarmUp warmUp = new WarmUp(MANY_MINUTES, context, () -> broken);

            warmUp.start();

            assertThat(warmUp.isRunning()).isFalse();
            assertThat(output)
                    .contains("The warm-up failed after 50 clients.", "set `realtime.warm-up=off`", "provoked");
        }
    }

    @Test
    void nothingIsPlayedWhereNothingIsCompiled() {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            WarmUp warmUp = new WarmUp(MANY_MINUTES, context, () -> null);

            warmUp.start();

            assertThat(warmUp.isRunning()).isFalse();
        }
    }

    @Test
    void itComesAfterTheNodeAndBeforeAllPorts() {
        assertThat(WarmUp.PHASE)
                .isGreaterThan(WarmUp.DEFAULT_PHASE - 3072)
                .isLessThan(WarmUp.DEFAULT_PHASE - 2560)
                .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"realtime.warm-up=30m", "realtime.warm-up=off"})
    void applicationWithAMockOfTheWebServerHasNone(String property) {
        new ReactiveWebApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(property, "spring.main.web-application-type=reactive")
                .run(context -> assertThat(context.getBean(WarmUp.class).isAutoStartup())
                        .isFalse());
    }
}
