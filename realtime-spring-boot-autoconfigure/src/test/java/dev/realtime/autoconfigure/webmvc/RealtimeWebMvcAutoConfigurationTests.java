package dev.realtime.autoconfigure.webmvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiAutoConfiguration;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiWebMvcAutoConfiguration;
import dev.realtime.autoconfigure.webflux.RealtimeWebFluxAutoConfiguration;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webmvc.RealtimeWebSocketHandler;
import dev.realtime.webmvc.RealtimeWebSocketMapping;
import dev.realtime.webmvc.api.RealtimeHttpApiMapping;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.servlet.DispatcherServlet;

/** The endpoints in an application with Spring MVC: where they are, and what of them an application can replace. */
class RealtimeWebMvcAutoConfigurationTests {

    private static final String KEY = "realtime.http-api.key=0123456789abcdef01234567";

    /** Facets of both web stacks, as an application has them that uses the starter for both. */
    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(
                    RealtimeWebMvcAutoConfiguration.class,
                    RealtimeWebFluxAutoConfiguration.class,
                    RealtimeHttpApiAutoConfiguration.class,
                    RealtimeHttpApiWebMvcAutoConfiguration.class));

    @Test
    void endpointIsMappedWhereCentrifugoHasIt() {
        runner.run(context -> assertThat(context)
                .getBean("realtimeWebSocketMapping", RealtimeWebSocketMapping.class)
                .satisfies(mapping -> assertThat(mapping.getUrlMap()).containsOnlyKeys("/connection/websocket")));
    }

    @Test
    void pathCanBeChosen() {
        runner.withPropertyValues("realtime.websocket.path=/live")
                .run(context -> assertThat(context)
                        .getBean(RealtimeWebSocketMapping.class)
                        .satisfies(mapping -> assertThat(mapping.getUrlMap()).containsOnlyKeys("/live")));
    }

    @Test
    void pathThatCannotWorkIsRefused() {
        runner.withPropertyValues("realtime.websocket.path=/live/{room}")
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("`realtime.websocket.path` is `/live/{room}`, but an endpoint has one exact path"));
    }

    @Test
    void endpointCanBeLeftOut() {
        runner.withPropertyValues("realtime.websocket.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(RealtimeWebSocketMapping.class)
                        .hasSingleBean(RealtimeWebSocketHandler.class));
    }

    @Test
    void apiIsMappedIfItHasAKey() {
        runner.run(context -> assertThat(context).doesNotHaveBean(RealtimeHttpApiMapping.class));
        runner.withPropertyValues(KEY, "realtime.http-api.prefix=/server")
                .run(context -> assertThat(context)
                        .getBean("realtimeHttpApiMapping", RealtimeHttpApiMapping.class)
                        .satisfies(mapping -> assertThat(mapping.paths()).contains("/server/publish")));
    }

    @Test
    void beansOfTheApplicationReplaceOurs() {
        OriginRule originRule = new OriginRule(List.of("https://example.org"));
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withMessageSizeLimit(10);

        runner.withBean("ownRule", OriginRule.class, () -> originRule)
                .withBean("ownOptions", WebSocketOptions.class, () -> options)
                .run(context -> {
                    assertThat(context).getBean(OriginRule.class).isSameAs(originRule);
                    assertThat(context).getBean(WebSocketOptions.class).isSameAs(options);
                });
    }

    @Test
    void everyOriginIsRefusedWhereThePrincipalOfTheRequestCanBecomeTheUser() {
        runner.withPropertyValues("realtime.client.allowed-origins=*")
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("`realtime.client.allowed-origins` contains `*`, which admits pages that anybody"));
        runner.withPropertyValues("realtime.client.allowed-origins=*", "realtime.client.ignore-http-principal=true")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void stackOfTheApplicationAloneServes() {
        runner.withPropertyValues(KEY)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(dev.realtime.webflux.RealtimeWebSocketMapping.class)
                        .doesNotHaveBean(dev.realtime.webflux.api.RealtimeHttpApiMapping.class));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(
                        RealtimeWebMvcAutoConfiguration.class, RealtimeHttpApiWebMvcAutoConfiguration.class))
                .withPropertyValues(KEY)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(RealtimeWebSocketHandler.class)
                        .doesNotHaveBean(RealtimeHttpApiMapping.class));
    }

    @Test
    void servletApplicationWithoutSpringMvcHasNoEndpoints() {
        runner.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
                .withPropertyValues(KEY)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("realtimeWebSocketMapping")
                        .doesNotHaveBean("realtimeHttpApiMapping"));
    }

    @Test
    void thereAreNoEndpointsWithoutANode() {
        runner.withPropertyValues("realtime.enabled=false", KEY)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(RealtimeWebSocketHandler.class)
                        .doesNotHaveBean("realtimeHttpApiMapping"));
    }
}
