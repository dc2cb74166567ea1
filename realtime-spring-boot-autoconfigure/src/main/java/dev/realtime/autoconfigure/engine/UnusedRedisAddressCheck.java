package dev.realtime.autoconfigure.engine;

import dev.realtime.failure.ConfigurationProblemException;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Check for a Redis address beside an engine that does not use it. An application that starts like this seems to be
 * healthy, but its nodes do not exchange publications.
 */
final class UnusedRedisAddressCheck {

    private static final Bindable<List<String>> ADDRESSES = Bindable.listOf(String.class);

    private UnusedRedisAddressCheck() {}

    /** @throws ConfigurationProblemException if any address is set */
    static void check(Environment environment) {
        Binder binder = Binder.get(environment);
        check(binder, "realtime.redis.address", "Redis");
        check(binder, "realtime.redis.cluster-address", "the cluster");
        check(binder, "realtime.redis.sentinel-address", "Sentinel");
    }

    private static void check(Binder binder, String property, String what) {
        if (!binder.bind(property, ADDRESSES).orElse(List.of()).isEmpty()) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is set but `realtime.engine` is `memory`, so %s would not be used.".formatted(property, what),
                    "Set `realtime.engine=redis`, or remove `%s`.".formatted(property));
        }
    }
}
