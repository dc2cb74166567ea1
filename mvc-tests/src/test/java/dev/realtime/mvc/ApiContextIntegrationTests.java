package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.handler.OnRpc;
import dev.realtime.handler.RealtimeHandler;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Requests to the HTTP API: their MDC and observation in the blocking method that they call, and malformed bodies. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "realtime.http-api.key=a-key-that-is-long-enough-to-pass")
@Import(ApiContextIntegrationTests.Context.class)
class ApiContextIntegrationTests {

    private static final String TENANT = "tenant";

    @LocalServerPort
    private int port;

    /** As applications do that want the MDC on other threads. */
    @BeforeAll
    static void register() {
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        TENANT, () -> MDC.get(TENANT), value -> MDC.put(TENANT, value), () -> MDC.remove(TENANT));
    }

    @AfterAll
    static void forget() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(TENANT);
    }

    @Test
    void blockingMethodHasTheContextOfTheRequest() throws Exception {
        HttpRequest request = request("rpc")
                .POST(BodyPublishers.ofString("{\"method\":\"context\",\"params\":{}}"))
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertThat(response.body())
                .isEqualTo("{\"result\":{\"data\":[\"acme\",\"realtime.handler\",\"http.server.requests\"]}}");
    }

    /** Spring MVC parses such a body before it looks for a handler. */
    @Test
    void multipartBodyWithoutABoundaryIsABadRequest() throws Exception {
        HttpRequest request = request("info")
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("{}"))
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).startsWith("Bad Request");
    }

    private HttpRequest.Builder request(String method) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/" + method))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8)))
                .header("X-API-Key", "a-key-that-is-long-enough-to-pass");
    }

    @TestConfiguration(proxyBeanMethods = false)
    @Import(Handlers.class)
    static class Context {

        @Bean
        Filter tenant() {
            return (request, response, chain) -> {
                MDC.put(TENANT, "acme");
                try {
                    chain.doFilter(request, response);
                } finally {
                    MDC.remove(TENANT);
                }
            };
        }

        /** Without one, nothing is observed. */
        @Bean
        ObservationHandler<Observation.Context> observed() {
            return context -> true;
        }
    }

    @RealtimeHandler
    static class Handlers {

        @Autowired
        private ObservationRegistry observations;

        @OnRpc("context")
        public List<String> context() {
            var call = observations.getCurrentObservation().getContextView();
            var request = call;
            while (request.getParentObservation() != null) {
                request = request.getParentObservation().getContextView();
            }
            return List.of(String.valueOf(MDC.get(TENANT)), call.getName(), request.getName());
        }
    }
}
