package dev.realtime.benchmarks;

import dev.realtime.api.client.Disconnect;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Map;

/** Socket that accepts everything immediately and sends nothing, so that only the work of the server is measured. */
final class NoOpTransport implements Transport {

    private static final TransportDescription DESCRIPTION = new TransportDescription(
            "none", TransportCapabilities.WEBSOCKET_WITH_NATIVE_PING, null, Map.<String, List<String>>of(), "/", "");

    private final EventExecutor executor;

    private final WireForm wireForm;

    /** Frames taken so far. */
    private long frames;

    NoOpTransport(EventExecutor executor, WireForm wireForm) {
        this.executor = executor;
        this.wireForm = wireForm;
    }

    long frames() {
        return frames;
    }

    @Override
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public WireForm wireForm() {
        return wireForm;
    }

    @Override
    public TransportDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public void write(ByteBuf frame) {
        frames++;
        frame.release();
    }

    @Override
    public void flush() {}

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(Disconnect disconnect) {
        throw new IllegalStateException("The server closed a client of the benchmark: " + disconnect);
    }
}
