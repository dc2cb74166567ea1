package dev.realtime.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.actuate.RealtimeHealthIndicator;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

class RealtimeHealthAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(RealtimeHealthAutoConfiguration.class));

    @Test
    void runningNodeIsUpAndDescribed() {
        runner.withPropertyValues("realtime.node.name=left").run(context -> {
            Health health = health(context.getBean("realtimeHealthIndicator", RealtimeHealthIndicator.class));

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("engine", "memory")
                    .containsEntry("node", "left")
                    .containsEntry("connections", 0L)
                    .doesNotContainKey("insecure");
        });
    }

    @Test
    void stoppedNodeIsDown() {
        runner.run(context -> {
            RealtimeHealthIndicator indicator = context.getBean(RealtimeHealthIndicator.class);

            context.getBean("realtimeNodeLifecycle", SmartLifecycle.class).stop();

            assertThat(health(indicator).getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void insecureModeIsShown() {
        runner.withPropertyValues("realtime.client.insecure=true")
                .run(context -> assertThat(health(context.getBean(RealtimeHealthIndicator.class))
                                .getDetails())
                        .containsEntry("insecure", true));
    }

    @Test
    void insecureHttpApiIsShown() {
        runner.withConfiguration(AutoConfigurations.of(RealtimeHttpApiAutoConfiguration.class))
                .withPropertyValues("realtime.http-api.insecure=true")
                .run(context -> assertThat(health(context.getBean(RealtimeHealthIndicator.class))
                                .getDetails())
                        .containsEntry("insecureApi", true)
                        .doesNotContainKey("insecure"));
    }

    @Test
    void skippedSignaturesAreShown() {
        runner.withPropertyValues("realtime.client.insecure-skip-token-signature-verify=true")
                .run(context -> assertThat(health(context.getBean(RealtimeHealthIndicator.class))
                                .getDetails())
                        .containsEntry("insecureTokens", true));
    }

    @Test
    void contributorCanBeSwitchedOff() {
        runner.withPropertyValues("management.health.realtime.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(RealtimeHealthIndicator.class));
    }

    @Test
    void thereIsNothingToSayWithoutANode() {
        runner.withPropertyValues("realtime.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(RealtimeHealthIndicator.class));
    }

    private static Health health(RealtimeHealthIndicator indicator) {
        Health health = indicator.health().block();
        assertThat(health).isNotNull();
        return health;
    }
}
