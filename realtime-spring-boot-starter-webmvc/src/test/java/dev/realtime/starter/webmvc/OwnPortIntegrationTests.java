package dev.realtime.starter.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.RealtimePublisher;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The port of its own where Reactor Netty is not on the class path. */
class OwnPortIntegrationTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static ConfigurableApplicationContext run(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .properties("server.port=0")
                .properties(properties)
                .run();
    }

    @Test
    void applicationWithoutThePortStarts() {
        try (ConfigurableApplicationContext context = run("realtime.server.address=127.0.0.1")) {
            assertThat(context.getBeansOfType(RealtimePublisher.class)).hasSize(1);
            assertThat(context.containsBean("realtimeHealthIndicator")).isTrue();
            assertThat(context.containsBean("realtimeServer")).isFalse();
        }
    }

    @Test
    void missingLibrariesAreNamed() {
        assertThatThrownBy(() -> run("realtime.server.port=0"))
                .rootCause()
                .hasMessage("`realtime.server.port` is set but the class path lacks dev.realtime:realtime-webflux and"
                        + " org.springframework.boot:spring-boot-reactor-netty and"
                        + " io.projectreactor.netty:reactor-netty-http, so there is no server for this port. Add"
                        + " dev.realtime:realtime-webflux and org.springframework.boot:spring-boot-reactor-netty and"
                        + " io.projectreactor.netty:reactor-netty-http to the dependencies, or remove the property.");
    }
}
