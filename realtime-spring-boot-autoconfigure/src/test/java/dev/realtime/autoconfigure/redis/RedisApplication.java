package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.Refusals;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A whole application with the Redis engine on a free port, as a team would start it; several fit into one JVM. */
record RedisApplication(ConfigurableApplicationContext context) implements AutoCloseable {

    private static final Map<String, Object> DEFAULTS = new LinkedHashMap<>();

    static {
        DEFAULTS.put("server.port", "0");
        DEFAULTS.put("spring.main.banner-mode", "off");
        DEFAULTS.put("spring.main.web-application-type", "reactive");
        DEFAULTS.put("realtime.engine", "redis");
        DEFAULTS.put("realtime.client.insecure", "true");
        DEFAULTS.put("realtime.shutdown.spread", "0s");
        DEFAULTS.put("realtime.channel.namespaces.chat.presence", "true");
        DEFAULTS.put("realtime.channel.namespaces.chat.history-size", "100");
        DEFAULTS.put("realtime.channel.namespaces.chat.history-ttl", "10m");
        DEFAULTS.put("realtime.channel.namespaces.chat.force-recovery", "true");
    }

    /** @param properties as {@code name=value}, which come before the defaults */
    static RedisApplication start(String... properties) {
        return new RedisApplication(application(properties).run());
    }

    /**
     * What an operator reads because an application with these properties does not start; fails the test if it does.
     */
    static FailureAnalysis refusal(String... properties) {
        RedisApplication started;
        try {
            started = start(properties);
        } catch (RuntimeException failure) {
            return Refusals.analyze(failure, new StandardEnvironment());
        }
        started.close();
        throw new AssertionError("The application has started with " + Arrays.toString(properties));
    }

    private static SpringApplication application(String... properties) {
        Map<String, Object> own = new LinkedHashMap<>(DEFAULTS);
        for (String property : properties) {
            int equals = property.indexOf('=');
            own.put(property.substring(0, equals), property.substring(equals + 1));
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", own));
        SpringApplication application = new SpringApplicationBuilder(Everything.class)
                .web(WebApplicationType.REACTIVE)
                .environment(environment)
                .build();
        application.setRegisterShutdownHook(false);
        return application;
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A client that has connected. */
    RawWebSocketClient connect() throws IOException {
        RawWebSocketClient client = RawWebSocketClient.connect(port(), "/connection/websocket");
        client.sendText("{\"id\":1,\"connect\":{}}");
        client.read();
        return client;
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Everything {}
}
