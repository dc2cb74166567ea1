package dev.realtime.host;

import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.host.HostApplication.OrderPlaced;
import dev.realtime.template.RealtimeTemplate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;

/** What the team adds to the application: its customers see their orders live. */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
@Import({LiveOrders.Handlers.class, LiveOrders.Publisher.class})
class LiveOrders {

    // tag::chain[]
    @Bean
    SecurityFilterChain security(HttpSecurity http, RealtimeTemplate realtime) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/connection/websocket")
                        .permitAll() // clients that are not logged in get disconnect 3501, which SDKs understand
                        .anyRequest()
                        .authenticated())
                .formLogin(withDefaults())
                .logout(logout -> logout.addLogoutHandler((request, response, user) -> {
                    if (user != null) {
                        realtime.disconnect(user.getName());
                    }
                }))
                .build();
    }
    // end::chain[]

    static class Publisher {

        private final RealtimeTemplate realtime;

        Publisher(RealtimeTemplate realtime) {
            this.realtime = realtime;
        }

        @EventListener
        void placed(OrderPlaced order) {
            realtime.publishAfterCommit("orders:" + order.customer(), order);
        }
    }

    static class Handlers {

        @OnSubscribe("orders:{customer}")
        @PreAuthorize("#customer == authentication.name")
        public SubscribeReply watch(@ChannelVariable String customer) {
            return SubscribeReply.allow();
        }

        @OnRpc("whoAmI")
        public String whoAmI() {
            return SecurityContextHolder.getContext().getAuthentication().getName();
        }
    }
}
