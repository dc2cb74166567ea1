package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.endpoint.ApiServer.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

/** Paths beside those of the API belong to the application, and its filters see all of them. */
@ParameterizedClass
@EnumSource(Stack.class)
record ApplicationRoutesTests(Stack stack) {

    private static ApiServer server;

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        server = ApiServer.start(stack, Application.class, Stream.of("realtime.http-api.key=" + ApiServer.KEY));
    }

    @AfterParameterizedClassInvocation
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

        @Bean
        Filter blockingServlets() {
            return (request, response, chain) -> {
                if (((HttpServletRequest) request).getHeader("X-Blocked") == null) {
                    chain.doFilter(request, response);
                } else {
                    ((HttpServletResponse) response).setStatus(403);
                }
            };
        }
    }
}
