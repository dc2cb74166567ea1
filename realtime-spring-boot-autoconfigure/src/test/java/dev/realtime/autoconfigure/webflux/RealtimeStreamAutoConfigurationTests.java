package dev.realtime.autoconfigure.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.autoconfigure.web.RealtimeUniSseProperties;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.ConnectCodeResponses;
import dev.realtime.web.stream.StreamOptions;
import dev.realtime.webflux.RealtimeUniWebSocketMapping;
import dev.realtime.webflux.stream.RealtimeStreamMapping;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** The endpoints of streams: which of them are mapped, where, and with which settings. */
class RealtimeStreamAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(
                    RealtimeFacets.with(RealtimeWebFluxAutoConfiguration.class, RealtimeStreamAutoConfiguration.class));

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

    @Test
    void withoutPropertiesTheSettingsAreTheDefaultsOfTheTransport() {
        runner.run(context -> assertThat(
                        context.getBean(RealtimeUniSseProperties.class).options())
                .isEqualTo(StreamOptions.DEFAULTS));
    }

    @Test
    void propertiesReachTheTransport() {
        runner.withPropertyValues(
                        "realtime.uni-sse.max-request-body-size=1KB",
                        "realtime.uni-sse.read-timeout=2s",
                        "realtime.uni-sse.write-timeout=3s",
                        "realtime.uni-sse.connect-code-to-http-response.enabled=true",
                        "realtime.uni-sse.connect-code-to-http-response.transforms[0].code=3500",
                        "realtime.uni-sse.connect-code-to-http-response.transforms[0].to.status-code=401")
                .run(context -> assertThat(
                                context.getBean(RealtimeUniSseProperties.class).options())
                        .isEqualTo(new StreamOptions(
                                new BodyLimits(1024, Duration.ofSeconds(2)),
                                Duration.ofSeconds(3),
                                new ConnectCodeResponses(true, Map.of(3500, 401)))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sse.path=events                           | `realtime.sse.path` is `events`, but a path begins with a slash.
            sse.max-request-body-size=0               | `realtime.sse.max-request-body-size` is `0B`, so no request would fit.
            sse.read-timeout=0s                       | `realtime.sse.read-timeout` is `0s`, so no request could arrive in time.
            sse.write-timeout=-1s                     | `realtime.sse.write-timeout` is `-1s`, but it cannot be negative.
            emulation.path=                           | `realtime.emulation.path` is ``, so clients could not find the endpoint.
            """)
    void propertyThatCannotWorkIsRefused(String property, String description) {
        runner.withPropertyValues("realtime.sse.enabled=true", "realtime." + property)
                .run(context ->
                        assertThat(Refusals.analyze(context).getDescription()).startsWith(description));
    }

    @Test
    void statusThatIsNoErrorIsRefused() {
        String transforms = "realtime.uni-sse.connect-code-to-http-response.transforms[0].";
        runner.withPropertyValues(
                        "realtime.uni-sse.enabled=true", transforms + "code=3500", transforms + "to.status-code=200")
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("`" + transforms + "to.status-code` is `200`"));
    }
}
