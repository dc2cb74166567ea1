package dev.realtime.sample;

import dev.realtime.api.RealtimeClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;

/**
 * Guests may look around; {@code ann} and {@code sam} may log in, with their names as passwords. Sam works here.
 */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
class SecurityConfiguration {

    /** The page loads nothing from elsewhere, runs no inline script and is shown in no frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // tag::chain[]
    @Bean
    SecurityWebFilterChain security(ServerHttpSecurity http, RealtimeClients clients) {
        return http.authorizeExchange(exchange -> exchange.pathMatchers(HttpMethod.POST, "/messages/staff")
                        .hasRole("STAFF")
                        .anyExchange()
                        .permitAll())
                .formLogin(Customizer.withDefaults())
                .logout(logout -> logout.logoutHandler(
                        handlers -> handlers.add((exchange, user) -> clients.disconnect(user.getName()))))
                // Requests without an account need no protection against forgery.
                .csrf(csrf -> csrf.requireCsrfProtectionMatcher(
                        ServerWebExchangeMatchers.pathMatchers(HttpMethod.POST, "/login", "/logout")))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(POLICY)))
                .build();
    }
    // end::chain[]

    /** Passwords in the clear, for a sample and nothing else. */
    @Bean
    MapReactiveUserDetailsService accounts() {
        return new MapReactiveUserDetailsService(account("ann", "USER"), account("sam", "STAFF"));
    }

    private static UserDetails account(String name, String role) {
        return User.withUsername(name).password("{noop}" + name).roles(role).build();
    }
}
