package dev.realtime.autoconfigure;

import dev.realtime.command.PingMethod;
import dev.realtime.spi.hook.RpcHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Methods that clients call.
 *
 * @param ping Built-in method with an empty result.
 */
@ConfigurationProperties("realtime.rpc")
public record RealtimeRpcProperties(@DefaultValue Ping ping) {

    /**
     * Built-in method with an empty result.
     *
     * @param enabled Whether clients can call the built-in method, to measure the time to the server and back.
     * @param method Name of the built-in method. It comes before a handler of the application with that name.
     */
    record Ping(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("ping") String method) {}

    /** Returns the handler with the built-in method, if that is enabled. */
    @Nullable
    RpcHandler with(@Nullable RpcHandler handler) {
        return ping.enabled() ? new PingMethod(ping.method(), handler) : handler;
    }
}
