package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.engine.redis.options.RedisAddresses;
import io.lettuce.core.RedisURI;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Contexts with the Redis engine that need no Redis: they wait for it. */
public final class RedisRunner {

    private RedisRunner() {}

    public static ReactiveWebApplicationContextRunner waiting(String... properties) {
        return new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(SslAutoConfiguration.class))
                .withPropertyValues(
                        "realtime.engine=redis", "realtime.redis.startup=wait", "realtime.shutdown.spread=0s")
                .withPropertyValues(properties);
    }

    static LettuceConnectionFactory factory(ApplicationContext context) {
        return context.getBean(RedisConnectionConfiguration.FACTORY, LettuceConnectionFactory.class);
    }

    /** Where the start check will look. */
    static List<RedisURI> uris(ApplicationContext context) {
        return new FactoryAddresses(factory(context))
                .addresses(RedisAddresses.Source.PROPERTIES)
                .uris();
    }
}
