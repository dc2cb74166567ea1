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
 * Collaborators of the API. It uses only the beans, so its calls keep the rules that hold for the
 * application.
 *
 * @param rpcHandler methods of the application, asked for at each call; gives {@code null} when there are none
 * @param handlerTimeout how long such a method may take
 * @param maxBroadcastChannels most channels of a broadcast, at least 1
 */
public record ApiContext(
        RealtimePublisher publisher,
        RealtimeChannels channels,
        RealtimePresence presence,
        RealtimeClients clients,
        Supplier<@Nullable RpcHandler> rpcHandler,
        Duration handlerTimeout,
        int maxBroadcastChannels) {}
