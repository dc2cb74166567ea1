package dev.realtime.autoconfigure;

import static dev.realtime.autoconfigure.PropertyRules.notNegative;
import static dev.realtime.autoconfigure.PropertyRules.positive;

import dev.realtime.autoconfigure.RealtimeClientProperties.Rate;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.limit.ClientLimits;
import dev.realtime.limit.RateLimit;
import dev.realtime.protocol.CommandType;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/** Mapping of the properties of limits to the limits of the core. */
final class LimitsMapper {

    private static final String CLIENT = "realtime.client.";

    private static final String NODE_QUEUE = CLIENT + "node-queue-max-size";

    private static final Logger logger = LoggerFactory.getLogger(LimitsMapper.class);

    private static final String RATES = CLIENT + "rate-limit.";

    private LimitsMapper() {}

    /** @throws ConfigurationProblemException if a value is refused */
    static ClientLimits limits(RealtimeClientProperties client) {
        Map<CommandType, RateLimit> operations = new EnumMap<>(CommandType.class);
        client.rateLimit().operations().forEach((operation, rate) -> {
            RateLimit limit = rate(RATES + "operations." + name(operation), rate);
            if (limit != null) {
                operations.put(operation, limit);
            }
        });
        return new ClientLimits(
                rate(CLIENT + "connection-rate-limit", client.connectionRateLimit(), Duration.ofSeconds(1)),
                nodeQueueMaxBytes(client.nodeQueueMaxSize()),
                rate(RATES + "command", client.rateLimit().command()),
                operations,
                rate(RATES + "error", client.rateLimit().error()));
    }

    private static long nodeQueueMaxBytes(@Nullable DataSize configured) {
        if (configured == null) {
            return ClientLimits.defaultNodeQueueMaxBytes();
        }
        long bytes = PropertyRules.notNegativeSize(NODE_QUEUE, configured);
        long direct = PlatformDependent.maxDirectMemory();
        if (bytes == 0 || bytes > direct / 2) {
            logger.warn(
                    "`{}` is {}, but this JVM has {} of direct memory for everything. Clients that do not read can take"
                            + " all of it, and the whole application fails then. Set it to a quarter of that or less,"
                            + " or remove it for the default.",
                    NODE_QUEUE,
                    configured,
                    DataSize.ofMegabytes(direct >> 20));
        }
        return bytes;
    }

    private static @Nullable RateLimit rate(String path, Rate rate) {
        return rate(
                path + ".limit",
                rate.limit(),
                positive(path + ".interval", rate.interval(), "so nothing could ever be allowed again"));
    }

    private static @Nullable RateLimit rate(String property, int limit, Duration interval) {
        return notNegative(property, limit, "any number") == 0 ? null : new RateLimit(limit, interval);
    }

    private static String name(CommandType operation) {
        return operation.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
