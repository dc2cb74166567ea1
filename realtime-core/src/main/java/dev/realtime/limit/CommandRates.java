package dev.realtime.limit;

import dev.realtime.protocol.CommandType;
import dev.realtime.protocol.Request;
import dev.realtime.statistics.ReachedLimit;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token buckets of one connection; exists only where rates are configured. Confined to the connection's executor. */
public final class CommandRates {

    private final ClientLimits limits;

    private final @Nullable TokenBucket commands;

    private final Map<CommandType, TokenBucket> operations = new EnumMap<>(CommandType.class);

    public CommandRates(ClientLimits limits, long nowNanos) {
        this.limits = limits;
        this.commands = limits.commandRate() == null ? null : new TokenBucket(limits.commandRate(), nowNanos);
    }

    /** The limit a command is over, {@code null} if it may run. */
    @Nullable
    public ReachedLimit refusalOf(Request request, long nowNanos) {
        if (commands != null && !commands.take(nowNanos)) {
            return ReachedLimit.COMMAND_RATE;
        }
        CommandType type = request.commandType();
        RateLimit rate = type == null ? null : limits.operationRates().get(type);
        if (rate == null) {
            return null;
        }
        TokenBucket bucket = operations.computeIfAbsent(type, first -> new TokenBucket(rate, nowNanos));
        return bucket.take(nowNanos) ? null : ReachedLimit.OPERATION_RATE;
    }
}
