package dev.realtime.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import reactor.netty.http.server.HttpServer;

/** When clients have a port of their own, and what is refused. */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeServerAutoConfigurationTests {

    private final WebApplicationContextRunner servlet =
            new WebApplicationContextRunner().withConfiguration(RealtimeFacets.with());

    private final ReactiveWebApplicationContextRunner reactive =
            new ReactiveWebApplicationContextRunner().withConfiguration(RealtimeFacets.with());

    private final ApplicationContextRunner withoutWeb =
            new ApplicationContextRunner().withConfiguration(RealtimeFacets.with());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realtime.server.address=127.0.0.1",
                "realtime.server.port=",
                "realtime.server.port=tcp://10.0.0.7:80"
            })
    void thereIsNoPortUnlessItIsSet(String property) {
        servlet.withPropertyValues(property)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RealtimeServer.class));
        reactive.withPropertyValues(property)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RealtimeServer.class));
    }

    @Test
    void thereIsNoPortWithoutANode() {
        servlet.withPropertyValues("realtime.server.port=0", "realtime.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RealtimeServer.class));
    }

    @Test
    void portAddsOneBeanToTheApplication() {
        servlet.run(
                plain -> servlet.withPropertyValues("realtime.server.port=0").run(withPort -> {
                    Set<String> added = names(withPort);
                    added.removeAll(names(plain));

                    assertThat(added).containsExactly("realtimeServer");
                }));
    }

    private static Set<String> names(ApplicationContext context) {
        Set<String> names = new TreeSet<>(Set.of(context.getBeanDefinitionNames()));
        // The configuration classes and the properties that make the bean are not beans that anyone injects.
        names.removeIf(name -> name.contains("dev.realtime.autoconfigure.") || name.contains("$"));
        return names;
    }

    @Test
    void portOpensWhereThereIsNoWebServer(CapturedOutput output) {
        withoutWeb.withPropertyValues("realtime.server.port=0").run(context -> {
            RealtimeServer server = context.getBean(RealtimeServer.class);

            assertThat(server.port()).isPositive();
            assertThat(context.getEnvironment().getProperty("local.realtime.port", Integer.class))
                    .isEqualTo(server.port());
            assertThat(output).doesNotContain("clients cannot connect to this node");
        });
    }

    @Test
    void portStaysClosedWhereTheWebServerIsAMock() {
        servlet.withPropertyValues("realtime.server.port=0").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(RealtimeServer.class).isRunning()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            realtime.server.port=65536 |                             | `realtime.server.port` is `65536`, but a port is a number from 0 to 65535.
            realtime.server.port=-1    |                             | `realtime.server.port` is `-1`, but a port is a number from 0 to 65535.
            realtime.server.port=http  |                             | `realtime.server.port` is `http`, but a port is a number from 0 to 65535.
            realtime.server.port=8080  |                             | `realtime.server.port` is `8080`, as `server.port` is, but only one server can have a port.
            realtime.server.port=9000  | server.port=9000            | `realtime.server.port` is `9000`, as `server.port` is, but only one server can have a port.
            realtime.server.port=9001  | management.server.port=9001 | `realtime.server.port` is `9001`, as `management.server.port` is, but only one server can have a port.
            """)
    void portThatCannotBeIsRefused(String property, String other, String description) {
        String[] properties = {property, other == null ? "spring.main.lazy-initialization=false" : other};
        servlet.withPropertyValues(properties).run(context -> isRefused(context, description));
        reactive.withPropertyValues(properties).run(context -> isRefused(context, description));
    }

    private static void isRefused(ApplicationContextAssertProvider<?> context, String description) {
        FailureAnalysis analysis = Refusals.analyze(context);

        assertThat(analysis.getDescription()).startsWith(description);
        assertThat(analysis.getAction())
                .isEqualTo("Set `realtime.server.port` to a port of its own, 0 for any free one, or remove it.");
    }

    @Test
    void anyPortIsNotThatOfTheApplication() {
        servlet.withPropertyValues("realtime.server.port=0", "server.port=0", "management.server.port=0")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void portWithoutATransportIsRefused() {
        servlet.withPropertyValues("realtime.server.port=0", "realtime.websocket.enabled=false")
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .isEqualTo("`realtime.server.port` is set but no transport is enabled, so nothing would be"
                                + " served there."));
    }

    @Test
    void missingReactorNettyIsNamed() {
        servlet.withClassLoader(new FilteredClassLoader(HttpServer.class, NettyReactiveWebServerFactory.class))
                .withPropertyValues("realtime.server.port=0")
                .run(context -> {
                    FailureAnalysis analysis = Refusals.analyze(context);

                    assertThat(analysis.getDescription())
                            .isEqualTo("`realtime.server.port` is set but the class path lacks"
                                    + " org.springframework.boot:spring-boot-reactor-netty and"
                                    + " io.projectreactor.netty:reactor-netty-http, so there is no server for this"
                                    + " port.");
                    assertThat(analysis.getAction())
                            .isEqualTo("Add org.springframework.boot:spring-boot-reactor-netty and"
                                    + " io.projectreactor.netty:reactor-netty-http to the dependencies, or remove the"
                                    + " property.");
                });
    }

    @Test
    void missingEndpointsAreNamed() {
        servlet.withClassLoader(new FilteredClassLoader("dev.realtime.webflux"))
                .withPropertyValues("realtime.server.port=0")
                .run(context -> assertThat(Refusals.analyze(context).getAction())
                        .isEqualTo("Add dev.realtime:realtime-webflux to the dependencies, or remove the property."));
    }

    @Test
    void librariesAreNotMissedWithoutThePort() {
        servlet.withClassLoader(new FilteredClassLoader(HttpServer.class, NettyReactiveWebServerFactory.class))
                .run(context -> assertThat(context).hasNotFailed());
    }
}
