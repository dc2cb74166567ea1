package dev.realtime.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.actuate.RealtimeEndpoint;
import dev.realtime.autoconfigure.RealtimeFacets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** Where operators find the endpoint. */
class RealtimeEndpointAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(
                    RealtimeFacets.with(EndpointAutoConfiguration.class, RealtimeEndpointAutoConfiguration.class));

    @Test
    void endpointIsNotExposedByDefault() {
        runner.run(context -> assertThat(context).doesNotHaveBean(RealtimeEndpoint.class));
    }

    @Test
    void endpointIsThereWhenTheApplicationExposesIt() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=realtime")
                .run(context -> assertThat(context).hasSingleBean(RealtimeEndpoint.class));
    }

    @Test
    void accessCanBeDenied() {
        runner.withPropertyValues(
                        "management.endpoints.web.exposure.include=*", "management.endpoint.realtime.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(RealtimeEndpoint.class));
    }
}
