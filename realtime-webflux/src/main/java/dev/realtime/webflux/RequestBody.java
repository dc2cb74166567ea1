package dev.realtime.webflux;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Body of a request while it arrives, limited in size and time. Confined to the thread that delivers the bytes. */
public final class RequestBody {

    /** Maximum of bytes that are allocated for an announced length. */
    private static final int MAX_INITIAL_BYTES = 8 * 1024;

    private final int maxBytes;

    private final Supplier<? extends Throwable> tooLarge;

    private byte[] bytes;

    private int size;

    private RequestBody(int expected, int maxBytes, Supplier<? extends Throwable> tooLarge) {
        this.bytes = new byte[expected];
        this.maxBytes = maxBytes;
        this.tooLarge = tooLarge;
    }

    /**
     * Reads the whole body.
     *
     * @param maxBytes maximum size in bytes
     * @param timeout time until the whole body must have arrived
     * @param tooLarge makes the failure of a body above the maximum
     * @param tooSlow makes the failure of a body that is not complete in time
     */
    public static Mono<byte[]> read(
            ServerHttpRequest request,
            int maxBytes,
            Duration timeout,
            Supplier<? extends Throwable> tooLarge,
            Supplier<? extends Throwable> tooSlow) {
        long announced = request.getHeaders().getContentLength();
        if (announced > maxBytes) {
            return Mono.error(tooLarge);
        }
        int expected = (int) Math.min(Math.max(announced, 0), MAX_INITIAL_BYTES);
        return request.getBody()
                .collect(() -> new RequestBody(expected, maxBytes, tooLarge), RequestBody::append)
                .timeout(timeout, Mono.error(tooSlow))
                .map(RequestBody::toByteArray)
                .onErrorMap(Exceptions::unwrap);
    }

    private void append(DataBuffer buffer) {
        try {
            int more = buffer.readableByteCount();
            if (more > maxBytes - size) {
                throw Exceptions.propagate(tooLarge.get());
            }
            if (more > bytes.length - size) {
                bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(2 * bytes.length, maxBytes)));
            }
            buffer.read(bytes, size, more);
            size += more;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
