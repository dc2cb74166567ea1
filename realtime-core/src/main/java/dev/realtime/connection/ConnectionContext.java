package dev.realtime.connection;

import dev.realtime.api.channel.Channel;
import dev.realtime.channel.Namespaces;
import dev.realtime.failure.LimitedLog;
import dev.realtime.hub.ChannelSubscribers;
import dev.realtime.hub.Hub;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.PresenceManager;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.statistics.NodeStatistics;
import java.time.Clock;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Everything the connections of a node share.
 *
 * @param interest makes publications of a channel arrive on this node
 * @param application gives the callbacks of the application; asked each time, when there is a client
 * @param clock wall clock, for expiry only
 * @param scheduler measures the time limits of the application's handlers
 * @param random 0 to 1, for jitter
 * @param version of this software, sent to clients
 * @param callbacks finds callbacks that block their event loop
 * @param log for what clients can cause
 */
public record ConnectionContext(
        ClientOptions options,
        Namespaces namespaces,
        ChannelOperations operations,
        Broker broker,
        PresenceManager presenceManager,
        ControlBus controlBus,
        Hub hub,
        ChannelSubscribers interest,
        ClientConnections clients,
        Supplier<ClientCallbacks> application,
        NodeStatistics statistics,
        Clock clock,
        Scheduler scheduler,
        DoubleSupplier random,
        String version,
        CallbackWatch callbacks,
        LimitedLog log) {

    @Nullable
    public Authenticator authenticator() {
        return application.get().authenticator();
    }

    public List<ChannelAuthorizer> authorizers() {
        return application.get().authorizers();
    }

    @Nullable
    public TokenAuthenticator tokenAuthenticator() {
        return application.get().tokenAuthenticator();
    }

    @Nullable
    public RpcHandler rpcHandler() {
        return application.get().rpcHandler();
    }

    @Nullable
    public MessageHandler messageHandler() {
        return application.get().messageHandler();
    }

    public ClientHooks hooks() {
        return application.get().hooks();
    }

    /** Namespace of a channel, empty if it has none or an unknown one. */
    public String namespaceOf(String channel) {
        return channel.isEmpty()
                ? ""
                : namespaces.find(channel).map(Channel::namespace).orElse("");
    }

    /**
     * Asks a callback of the application; what it throws is its result, and no result within the time limit is an
     * error.
     *
     * @param callback for the log
     */
    public <T> Mono<T> ask(Object callback, Supplier<Mono<T>> question) {
        return inTime(callbacks.watch(callback, question));
    }

    /** Limits a result to the time limit of callbacks, or that of the callback itself, after which it is an error. */
    public <T> Mono<T> inTime(Mono<T> answer) {
        return CallbackDeadline.limit(answer, options.handlerTimeout(), scheduler);
    }

    /** Seconds since 1970, as tokens count. */
    public long nowSeconds() {
        return clock.millis() / 1000;
    }
}
