package dev.realtime.orders;

import dev.realtime.template.RealtimeTemplate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Log-in by a form, with the session of the servlet container. */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
class SecurityConfiguration {

    /** The page loads nothing from elsewhere, runs no inline script and is shown in no frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // tag::chain[]
    @Bean
    SecurityFilterChain security(HttpSecurity http, RealtimeTemplate realtime) {
        return http.authorizeHttpRequests(requests -> requests
                        // Clients that are not logged in get a disconnect, which SDKs understand, instead of a page.
                        .requestMatchers("/connection/websocket", "/favicon.ico")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(Customizer.withDefaults())
                .logout(logout -> logout.addLogoutHandler((request, response, user) -> {
                    if (user != null) {
                        realtime.disconnect(user.getName());
                    }
                }))
                .csrf(CsrfConfigurer::spa) // the page reads its token from a cookie
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(POLICY)))
                .build();
    }
    // end::chain[]

    /** Passwords in the clear, for a sample and nothing else. */
    @Bean
    InMemoryUserDetailsManager accounts() {
        return new InMemoryUserDetailsManager(account("ann", "USER"), account("bob", "USER"), account("sam", "STAFF"));
    }

    private static UserDetails account(String name, String role) {
        return User.withUsername(name).password("{noop}" + name).roles(role).build();
    }
}
