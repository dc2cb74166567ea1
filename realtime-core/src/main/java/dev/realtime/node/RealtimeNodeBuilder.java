package dev.realtime.node;

import dev.realtime.api.PayloadWriter;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.hook.TransactionHook;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Builder of a {@link RealtimeNode}. The name, the namespaces, the engine and the payload writer have no default; what
 * the application may leave out has one. Used by one thread.
 */
public final class RealtimeNodeBuilder {

    final NodeOptions options;

    final Namespaces namespaces;

    final Engine engine;

    final PayloadWriter payloadWriter;

    ClientOptions clientOptions = ClientOptions.DEFAULTS;

    ProtocolLimits protocolLimits = ProtocolLimits.DEFAULTS;

    Supplier<ClientCallbacks> callbacks = () -> ClientCallbacks.NONE;

    @Nullable
    TransactionHook transactions;

    @Nullable
    OccupancyListener occupancy;

    @Nullable
    NodeTime time;

    ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

    Level lifeLevel = Level.INFO;

    RealtimeNodeBuilder(NodeOptions options, Namespaces namespaces, Engine engine, PayloadWriter payloadWriter) {
        this.options = options;
        this.namespaces = namespaces;
        this.engine = engine;
        this.payloadWriter = payloadWriter;
    }

    /** Sets what clients may do and how long they may take; {@link ClientOptions#DEFAULTS} by default. */
    public RealtimeNodeBuilder clientOptions(ClientOptions clientOptions) {
        this.clientOptions = clientOptions;
        return this;
    }

    /**
     * Sets the bounds of what a client may send; {@link ProtocolLimits#DEFAULTS} by default. The message size is the
     * largest of all transports.
     */
    public RealtimeNodeBuilder protocolLimits(ProtocolLimits protocolLimits) {
        this.protocolLimits = protocolLimits;
        return this;
    }

    /** Sets the callbacks of the application about clients; none by default. */
    public RealtimeNodeBuilder callbacks(ClientCallbacks callbacks) {
        return callbacks(() -> callbacks);
    }

    /**
     * Sets where the callbacks of the application come from.
     *
     * @param callbacks called once the node has clients, so that they may be found after the node was built, by any
     *     thread; returns the same each time
     */
    public RealtimeNodeBuilder callbacks(Supplier<ClientCallbacks> callbacks) {
        this.callbacks = callbacks;
        return this;
    }

    /** Sets the transactions to publish after; {@code null}, the default, refuses publishing after a commit. */
    public RealtimeNodeBuilder transactions(@Nullable TransactionHook transactions) {
        this.transactions = transactions;
        return this;
    }

    /** Sets the listener for channels with subscribers; {@code null}, the default, for none. */
    public RealtimeNodeBuilder occupancy(@Nullable OccupancyListener occupancy) {
        this.occupancy = occupancy;
        return this;
    }

    /** Sets the clocks and the scheduler; those of the machine by default. */
    public RealtimeNodeBuilder time(NodeTime time) {
        this.time = time;
        return this;
    }

    /** Logs start and stop at debug level, for a node that is none to the operator; at info level by default. */
    public RealtimeNodeBuilder quiet() {
        lifeLevel = Level.DEBUG;
        return this;
    }

    /** Sets the allocator of the frames that subscribers share. */
    RealtimeNodeBuilder allocator(ByteBufAllocator allocator) {
        this.allocator = allocator;
        return this;
    }

    /** Returns a node that has not been started. */
    public RealtimeNode build() {
        return new RealtimeNode(this, time == null ? NodeTime.real() : time);
    }
}
