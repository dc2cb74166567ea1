package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers.pathMatchers;

import dev.realtime.endpoint.ApiServer.Answer;
import dev.realtime.webflux.api.RealtimeHttpApiMapping;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The API beside Spring Security: the key alone opens it, and everything else stays guarded. */
@ParameterizedClass
@EnumSource(Stack.class)
record SpringSecurityTests(Stack stack) {

    private static ApiServer server;

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        server = ApiServer.start(stack, Application.class, Stream.of("realtime.http-api.key=" + ApiServer.KEY));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    @Test
    void keyOpensTheExemptedPaths() {
        assertThat(server.call("publish", "{\"channel\":\"plain:x\",\"data\":1}"))
                .isEqualTo(Answer.json("{\"result\":{}}"));
        assertThat(post("/api/publish").status()).isEqualTo(401);
    }

    @Test
    void otherPathsStayGuarded() {
        assertThat(post("/api/other").status()).isEqualTo(403);
    }

    private static Answer post(String path) {
        return server.send(
                server.request(path).POST(BodyPublishers.ofString("{}")).build());
    }

    @RestController
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebFlux.class, MvcSecurity.class})
    static class Application {

        @PostMapping("/api/other")
        String other() {
            return "other";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = Type.REACTIVE)
    @EnableWebFluxSecurity
    static class WebFlux {

        // tag::chain[]
        @Bean
        @Order(1)
        SecurityWebFilterChain serverApi(ServerHttpSecurity http, RealtimeHttpApiMapping api) {
            return http.securityMatcher(pathMatchers(api.paths().toArray(String[]::new)))
                    .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .csrf(CsrfSpec::disable)
                    .build();
        }
        // end::chain[]

        @Bean
        @Order(2)
        SecurityWebFilterChain everythingElse(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .build();
        }
    }
}
