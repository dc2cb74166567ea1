package dev.realtime.webflux.stream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/** Chunks that are shared, one for each event loop. */
final class SharedChunks {

    private final FastThreadLocal<@Nullable SharedChunk> ofThread = new FastThreadLocal<>();

    /** Returns the chunk of an event loop. Must be called on it. */
    SharedChunk get(EventLoop eventLoop) {
        SharedChunk chunk = ofThread.get();
        if (chunk == null) {
            chunk = new SharedChunk(eventLoop);
            ofThread.set(chunk);
        }
        return chunk;
    }
}
