package dev.realtime.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.actuate.RealtimeMetrics;
import dev.realtime.autoconfigure.RealtimeFacets;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

class RealtimeMetricsAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(RealtimeMetricsAutoConfiguration.class));

    @Test
    void metersAreBoundToTheApplicationsRegistry() {
        runner.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context.getBean(MeterRegistry.class)
                                .get("realtime.connections")
                                .gauge()
                                .value())
                        .isZero());
    }

    @Test
    void aRegistryIsNotRequired() {
        runner.run(context -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeMetrics.class));
    }

    @Test
    void applicationRunsWithoutMicrometerOnTheClassPath() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("realtimeMetrics"));
    }
}
