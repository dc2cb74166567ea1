package dev.realtime.endpoint;

import static org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers.pathMatchers;

import dev.realtime.webflux.stream.RealtimeStreamMapping;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Application with Spring Security whose clients use streams. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebFluxSecurity
class StreamApplication {

    // tag::chain[]
    @Bean
    @Order(1)
    SecurityWebFilterChain streams(ServerHttpSecurity http, List<RealtimeStreamMapping> streams) {
        String[] paths = streams.stream().map(RealtimeStreamMapping::path).toArray(String[]::new);
        return http.securityMatcher(pathMatchers(paths))
                .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                .csrf(CsrfSpec::disable)
                .build();
    }
    // end::chain[]

    @Bean
    @Order(2)
    SecurityWebFilterChain everythingElse(ServerHttpSecurity http) {
        return http.authorizeExchange(exchanges -> exchanges
                        .pathMatchers("/connection/uni_websocket")
                        .permitAll()
                        .anyExchange()
                        .authenticated())
                .build();
    }
}
