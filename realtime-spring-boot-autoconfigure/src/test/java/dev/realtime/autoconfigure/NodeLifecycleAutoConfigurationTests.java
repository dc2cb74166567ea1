package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.crac.CheckpointException;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** When the node starts and stops, seen from its engine, beside a web server of which only the phases are real. */
@ExtendWith(OutputCaptureExtension.class)
class NodeLifecycleAutoConfigurationTests {

    private final List<String> events = new ArrayList<>();

    private Runnable onStop = () -> {};

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with())
            .withBean(
                    "webServer",
                    SmartLifecycle.class,
                    () -> new Recorded("web server", WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE))
            .withBean(
                    "gracefulShutdown",
                    SmartLifecycle.class,
                    () -> new Recorded("graceful shutdown", WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE))
            .withBean("connectionFactory", SmartLifecycle.class, () -> new Recorded("connection factory", 0))
            .withBean("listener", SmartLifecycle.class, () -> new Recorded("listener", SmartLifecycle.DEFAULT_PHASE));

    @Test
    void engineWorksUntilTheWebServerHasEnded() {
        runner.withBean(Engine.class, () -> recorded(Mono.empty())).run(context -> {
            assertThat(context.getBean(NodeLifecycle.class).isRunning()).isTrue();

            ((ConfigurableApplicationContext) context.getSourceApplicationContext()).close();
        });

        assertThat(events)
                .containsExactly(
                        "connection factory starts",
                        "engine starts",
                        "web server starts",
                        "graceful shutdown starts",
                        "listener starts",
                        "listener stops",
                        "graceful shutdown stops",
                        "web server stops",
                        "engine stops",
                        "connection factory stops");
    }

    @Test
    void noClientIsTakenOnceTheWebServerBeginsItsGracefulShutdown() {
        List<Boolean> takesClients = new ArrayList<>();
        runner.withBean(Engine.class, () -> recorded(Mono.empty())).run(context -> {
            RealtimeNode node = context.getBean(RealtimeNode.class);
            takesClients.add(node.takesClients());
            onStop = () -> takesClients.add(node.takesClients());

            ((ConfigurableApplicationContext) context.getSourceApplicationContext()).close();
        });

        // Before, then as the listener, the graceful shutdown, the web server and the connection factory stop.
        assertThat(takesClients).containsExactly(true, true, false, false, false);
    }

    @Test
    void applicationEndsAlthoughTheNodeDoesNotStopCleanly(CapturedOutput output) {
        runner.withBean(Engine.class, () -> recorded(Mono.error(new IllegalStateException("stuck"))))
                .run(context -> ((ConfigurableApplicationContext) context.getSourceApplicationContext()).close());

        assertThat(events)
                .endsWith("graceful shutdown stops", "web server stops", "engine stops", "connection factory stops");
        assertThat(output).contains("The realtime node did not stop cleanly.").contains("stuck");
    }

    @Test
    void contextThatWasStoppedIsNotStartedAgain() {
        runner.run(context -> {
            ConfigurableApplicationContext stopped =
                    (ConfigurableApplicationContext) context.getSourceApplicationContext();
            stopped.stop();

            assertThatException()
                    .isThrownBy(stopped::start)
                    .havingRootCause()
                    .withMessageStartingWith(
                            "The realtime node was stopped with its application context, and cannot be started again");
        });
    }

    @Test
    void checkpointOfARunningNodeIsRefused() {
        runner.run(context -> {
            Checkpoints.Refusal refusal = new Checkpoints.Refusal(context.getBean(RealtimeNode.class));

            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> refusal.beforeCheckpoint(Core.getGlobalContext()))
                    .withMessageContaining("-Dspring.context.checkpoint=onRefresh");

            ((ConfigurableApplicationContext) context.getSourceApplicationContext()).close();
            assertThatCode(() -> refusal.beforeCheckpoint(Core.getGlobalContext()))
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void nodeOfAParentContextIsRefused() {
        new ApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .run(parent -> runner.withParent(parent)
                        .run(context -> assertThat(Refusals.analyze(context).getDescription())
                                .startsWith("A parent of this application context has a realtime node already.")));
    }

    @Test
    void contextsWithoutARelationHaveNodesOfTheirOwn() {
        runner.run(one -> new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .run(other -> {
                    assertThat(other).hasNotFailed();
                    assertThat(other.getBean(RealtimeNode.class)).isNotSameAs(one.getBean(RealtimeNode.class));
                    assertThat(one.getBean(NodeLifecycle.class).isRunning()).isTrue();
                    assertThat(other.getBean(NodeLifecycle.class).isRunning()).isTrue();
                }));
    }

    @Test
    void applicationDoesNotStartWithoutTheNode() {
        Engine engine = recorded(Mono.empty());
        given(engine.start()).willReturn(Mono.error(new IllegalStateException("no engine today")));

        runner.withBean(Engine.class, () -> engine)
                .run(context -> assertThat(context).getFailure().hasRootCauseMessage("no engine today"));

        assertThat(events).doesNotContain("web server starts");
    }

    private Engine recorded(Mono<Void> stop) {
        MemoryEngine memory = new MemoryEngine(Duration.ofMinutes(1), Schedulers.parallel());
        Engine engine = mock(Engine.class);
        given(engine.name()).willReturn("recorded");
        given(engine.broker()).willReturn(memory.broker());
        given(engine.presenceManager()).willReturn(memory.presenceManager());
        given(engine.controlBus()).willReturn(memory.controlBus());
        given(engine.start()).willReturn(Mono.fromRunnable(() -> events.add("engine starts")));
        given(engine.stop())
                .willReturn(Mono.<Void>fromRunnable(() -> events.add("engine stops"))
                        .then(stop));
        return engine;
    }

    private final class Recorded implements SmartLifecycle {

        private final String name;

        private final int phase;

        private boolean running;

        Recorded(String name, int phase) {
            this.name = name;
            this.phase = phase;
        }

        @Override
        public void start() {
            running = true;
            events.add(name + " starts");
        }

        @Override
        public void stop() {
            running = false;
            onStop.run();
            events.add(name + " stops");
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }
}
