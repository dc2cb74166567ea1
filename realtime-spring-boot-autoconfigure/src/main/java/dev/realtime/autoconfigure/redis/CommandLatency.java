package dev.realtime.autoconfigure.redis;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import java.net.SocketAddress;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Recorder of the duration of commands, which passes it to a listener. Costs nothing without a listener; connections
 * that were opened before are not measured.
 */
public final class CommandLatency implements CommandLatencyRecorder {

    private final CommandLatencyRecorder next;

    /** Name of a command and nanoseconds until its reply; called on event loops. */
    private volatile @Nullable ObjLongConsumer<ProtocolKeyword> listener;

    /** @param next the application's, which is notified too */
    CommandLatency(CommandLatencyRecorder next) {
        this.next = next;
    }

    void listen(ObjLongConsumer<ProtocolKeyword> listener) {
        this.listener = listener;
    }

    @Override
    public boolean isEnabled() {
        return listener != null || next.isEnabled();
    }

    @Override
    public void recordCommandLatency(
            SocketAddress local,
            SocketAddress remote,
            RedisCommand<?, ?, ?> command,
            long firstResponseLatency,
            long completionLatency) {
        if (next.isEnabled()) {
            next.recordCommandLatency(local, remote, command, firstResponseLatency, completionLatency);
        }
        tell(command.getType(), completionLatency);
    }

    @Override
    public void recordCommandLatency(
            SocketAddress local,
            SocketAddress remote,
            ProtocolKeyword command,
            long firstResponseLatency,
            long completionLatency) {
        if (next.isEnabled()) {
            next.recordCommandLatency(local, remote, command, firstResponseLatency, completionLatency);
        }
        tell(command, completionLatency);
    }

    private void tell(ProtocolKeyword command, long completionLatency) {
        ObjLongConsumer<ProtocolKeyword> known = listener;
        if (known != null) {
            known.accept(command, completionLatency);
        }
    }
}
