package dev.realtime.autoconfigure.warmup;

import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeProperties;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import dev.realtime.node.RealtimeNode;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;
import reactor.netty.http.server.HttpServer;

/** Warm-up of the server before its first clients, with {@code realtime.warm-up}. */
@AutoConfiguration(after = {RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class})
@ConditionalOnWebApplication
@ConditionalOnBean(RealtimeNode.class)
@ConditionalOnClass({RealtimeWebSocketHandler.class, DispatcherHandler.class, HttpServer.class})
public final class RealtimeWarmUpAutoConfiguration {

    @Bean
    WarmUp realtimeWarmUp(RealtimeProperties properties, ConfigurableApplicationContext context) {
        return new WarmUp(WarmUpTime.parse(properties.warmUp()), context);
    }
}
