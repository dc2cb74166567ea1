package dev.realtime.endpoint;

import dev.realtime.webmvc.stream.RealtimeStreamMapping;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Application with Spring MVC and Spring Security whose clients use streams. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSecurity
class ServletStreamApplication {

    // tag::chain[]
    @Bean
    @Order(1)
    SecurityFilterChain streams(HttpSecurity http, List<RealtimeStreamMapping> streams) {
        String[] paths = streams.stream().map(RealtimeStreamMapping::path).toArray(String[]::new);
        return http.securityMatcher(paths)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .build();
    }
    // end::chain[]

    @Bean
    @Order(2)
    SecurityFilterChain everythingElse(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/connection/uni_websocket")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .build();
    }
}
