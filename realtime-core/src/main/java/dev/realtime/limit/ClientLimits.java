package dev.realtime.limit;

import dev.realtime.protocol.CommandType;
import io.netty.util.internal.PlatformDependent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits that protect a node from too many clients and from clients that send too much.
 *
 * @param connectionRate new connections of this node; {@code null} for any number. Over it the HTTP upgrade is refused
 * with 503
 * @param nodeQueueMaxBytes most memory that may be queued for all clients of this node together; over it the
 * connections that
 *     hold most are closed with 3008. 0 for no ceiling
 * @param commandRate commands of one connection, of whatever kind; {@code null} for any number. Over it error 111, or
 *     disconnect 3013 for a command that has no reply
 * @param operationRates the same for one kind of command each
 * @param errorRate commands of one connection that may fail; {@code null} for any number. Over it disconnect 3509
 */
public record ClientLimits(
        @Nullable RateLimit connectionRate,
        long nodeQueueMaxBytes,
        @Nullable RateLimit commandRate,
        Map<CommandType, RateLimit> operationRates,
        @Nullable RateLimit errorRate) {

    private static final long LARGEST_NODE_QUEUE = 256L * 1024 * 1024;

    /** No rates, as in Centrifugo, and {@link #defaultNodeQueueMaxBytes()}. */
    public static final ClientLimits DEFAULTS =
            new ClientLimits(null, defaultNodeQueueMaxBytes(), null, Map.of(), null);

    /**
     * Returns 256 MiB, or a quarter of the memory of this JVM if that is less: of its direct memory, where frames wait,
     * or of its heap. The rest is for what else needs that memory: publications on their way to the clients, buffers of
     * the web server and of the application, and the chunks of an allocator that are used in part.
     */
    public static long defaultNodeQueueMaxBytes() {
        long memory = Math.min(
                PlatformDependent.maxDirectMemory(), Runtime.getRuntime().maxMemory());
        return Math.min(LARGEST_NODE_QUEUE, memory / 4);
    }

    public boolean limitsCommands() {
        return commandRate != null || !operationRates.isEmpty();
    }
}
