package dev.realtime.autoconfigure;

import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * A Redis address beside an engine that does not use it. An application that starts so looks healthy and loses every
 * publication between its nodes.
 */
final class UnusedRedisAddress {

    private static final Bindable<List<String>> ADDRESSES = Bindable.listOf(String.class);

    private UnusedRedisAddress() {}

    /** @throws InvalidRealtimePropertyException if an address is set, whatever it is */
    static void refuse(Environment environment) {
        Binder binder = Binder.get(environment);
        refuse(binder, "realtime.redis.address", "Redis");
        refuse(binder, "realtime.redis.cluster-address", "the cluster");
        refuse(binder, "realtime.redis.sentinel-address", "Sentinel");
    }

    private static void refuse(Binder binder, String property, String what) {
        if (!binder.bind(property, ADDRESSES).orElse(List.of()).isEmpty()) {
            throw new InvalidRealtimePropertyException(
                    property,
                    "`%s` is set but `realtime.engine` is `memory`, so %s would not be used.".formatted(property, what),
                    "Set `realtime.engine=redis`, or remove `%s`.".formatted(property));
        }
    }
}
