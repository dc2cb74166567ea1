package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/** Paths beside those of the API belong to the application, and its filters see all of them. */
class ApplicationRoutesTests {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.start(Application.class, Stream.of("realtime.http-api.key=" + ApiServer.KEY));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/other",
                "/api/publish/",
                "/api/publish/more",
                "/api/Publish",
                "/api/connections"
            })
    void pathsBesideTheMethodsAreTheApplications(String path) {
        assertThat(post(path)).isEqualTo(new Answer(200, "text/plain;charset=UTF-8", "the application"));
    }

    @Test
    void filtersOfTheApplicationGuardTheApi() {
        Answer answer = server.call("publish", "{\"channel\":\"plain:x\",\"data\":1}", "X-Blocked", "yes");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(server.call("publish", "{\"channel\":\"plain:x\",\"data\":1}")
                        .status())
                .isEqualTo(200);
    }

    private static Answer post(String path) {
        return server.send(
                server.request(path).POST(BodyPublishers.ofString("{}")).build());
    }

    @RestController
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @PostMapping({"/api", "/api/**"})
        String everything() {
            return "the application";
        }

        @Bean
        WebFilter blocking() {
            return (exchange, chain) -> {
                if (exchange.getRequest().getHeaders().containsHeader("X-Blocked")) {
                    exchange.getResponse().setRawStatusCode(403);
                    return exchange.getResponse().setComplete();
                }
                return chain.filter(exchange);
            };
        }
    }
}
