package dev.realtime.autoconfigure.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The start line is an address that a client can be given. */
@ExtendWith(OutputCaptureExtension.class)
class ClientAddressTests {

    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    @BeforeEach
    void show() {
        System.setProperty("logging.level." + ClientAddress.class.getName(), "info");
    }

    @AfterEach
    void hide() {
        System.clearProperty("logging.level." + ClientAddress.class.getName());
        logging.setLogLevel(ClientAddress.class.getName(), LogLevel.WARN);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Test
    void portAndBasePathAreNamedOnce(CapturedOutput output) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "server.port=0",
                        "management.server.port=0",
                        "spring.webflux.base-path=/app",
                        // Spring Boot 4.1.1 makes a management context for each server on the class path.
                        "spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
                                + ".TomcatReactiveManagementContextAutoConfiguration")
                .run()) {
            String port = context.getEnvironment().getProperty("local.server.port");

            assertThat(output)
                    .containsOnlyOnce("Clients connect at")
                    .contains("Clients connect at ws://localhost:" + port
                            + "/app/connection/websocket on Spring WebFlux (Netty), from" + " pages of the same host");
        }
    }

    @Test
    void pathsOfTheServletContextAreNamed(CapturedOutput output) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "management.server.port=0",
                        "server.servlet.context-path=/app",
                        "spring.mvc.servlet.path=/live")
                .run()) {
            String port = context.getEnvironment().getProperty("local.server.port");

            assertThat(output)
                    .containsOnlyOnce("Clients connect at")
                    .contains("Clients connect at ws://localhost:" + port
                            + "/app/live/connection/websocket on Spring MVC (Tomcat), from pages of the same host");
        }
    }
}
