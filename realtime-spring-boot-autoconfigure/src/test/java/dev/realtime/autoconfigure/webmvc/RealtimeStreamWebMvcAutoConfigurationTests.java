package dev.realtime.autoconfigure.webmvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.webflux.RealtimeStreamAutoConfiguration;
import dev.realtime.webmvc.RealtimeUniWebSocketMapping;
import dev.realtime.webmvc.stream.RealtimeStreamMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** The endpoints of streams in an application with Spring MVC: which of them are mapped, and where. */
class RealtimeStreamWebMvcAutoConfigurationTests {

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(
                    RealtimeWebMvcAutoConfiguration.class,
                    RealtimeStreamWebMvcAutoConfiguration.class,
                    RealtimeStreamAutoConfiguration.class));

    @Test
    void nothingIsMappedByDefault() {
        runner.run(context -> assertThat(context)
                .doesNotHaveBean(RealtimeStreamMapping.class)
                .doesNotHaveBean(RealtimeUniWebSocketMapping.class));
    }

    @ParameterizedTest
    @CsvSource({
        "http-stream, realtimeHttpStreamMapping, /connection/http_stream, true",
        "sse, realtimeSseMapping, /connection/sse, true",
        "uni-http-stream, realtimeUniHttpStreamMapping, /connection/uni_http_stream, false",
        "uni-sse, realtimeUniSseMapping, /connection/uni_sse, false"
    })
    void enabledStreamIsMappedWhereCentrifugoHasIt(String group, String bean, String path, boolean emulation) {
        runner.withPropertyValues("realtime." + group + ".enabled=true").run(context -> {
            assertThat(context.getBean(bean, RealtimeStreamMapping.class).path())
                    .isEqualTo(path);
            assertThat(context.containsBean("realtimeEmulationMapping")).isEqualTo(emulation);
            assertThat(context.getBeansOfType(RealtimeStreamMapping.class)).hasSize(emulation ? 2 : 1);
        });
    }

    @Test
    void unidirectionalWebSocketIsMappedWhereCentrifugoHasIt() {
        runner.withPropertyValues("realtime.uni-websocket.enabled=true")
                .run(context -> assertThat(context)
                        .getBean(RealtimeUniWebSocketMapping.class)
                        .satisfies(mapping ->
                                assertThat(mapping.getUrlMap()).containsOnlyKeys("/connection/uni_websocket")));
    }

    @Test
    void pathsCanBeChosen() {
        runner.withPropertyValues(
                        "realtime.sse.enabled=true", "realtime.sse.path=/events", "realtime.emulation.path=/commands")
                .run(context -> assertThat(context.getBeansOfType(RealtimeStreamMapping.class)
                                .values())
                        .extracting(RealtimeStreamMapping::path)
                        .containsExactlyInAnyOrder("/events", "/commands"));
    }
}
