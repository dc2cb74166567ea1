package dev.realtime.connection;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keeps many or hasty clients from taking a node down.
 *
 * @param connectionRate new connections of this node; {@code null} for any number. Over it the HTTP upgrade is answered 503
 * @param nodeQueueMaxBytes most bytes queued for all clients of this node together; over it the connections with the longest
 *     queues are closed with 3008. 0 for no ceiling
 * @param commandRate commands of one connection, of whatever kind; {@code null} for any number. Over it error 111, or
 *     disconnect 3013 for a command that has no reply
 * @param operationRates the same for one kind of command each
 * @param errorRate commands of one connection that may fail; {@code null} for any number. Over it disconnect 3509
 */
public record ClientLimits(
        @Nullable RateLimit connectionRate,
        long nodeQueueMaxBytes,
        @Nullable RateLimit commandRate,
        Map<Operation, RateLimit> operationRates,
        @Nullable RateLimit errorRate) {

    /** No rates, as in Centrifugo, and 256 MiB queued on a node. */
    public static final ClientLimits DEFAULTS = new ClientLimits(null, 256L * 1024 * 1024, null, Map.of(), null);

    boolean limitsCommands() {
        return commandRate != null || !operationRates.isEmpty();
    }
}
