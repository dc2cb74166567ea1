package dev.realtime.httpapi.command;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.spi.hook.RpcHandler;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Beans that commands use, the same as those of the application, so that the same rules apply.
 *
 * @param rpcHandler supplier of the RPC methods of the application, called for each command; may return {@code null}
 * @param handlerTimeout time limit of an RPC method
 * @param maxBroadcastChannels maximum of channels in a broadcast, at least 1
 */
public record ApiContext(
        RealtimePublisher publisher,
        RealtimeChannels channels,
        RealtimePresence presence,
        RealtimeClients clients,
        Supplier<@Nullable RpcHandler> rpcHandler,
        Duration handlerTimeout,
        int maxBroadcastChannels) {}
