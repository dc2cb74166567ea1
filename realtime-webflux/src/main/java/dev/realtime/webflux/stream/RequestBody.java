package dev.realtime.webflux.stream;

import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.StreamRefusedException;
import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** Body of a request while it arrives, limited in size and time. Confined to the thread that delivers the bytes. */
final class RequestBody {

    /** Maximum of bytes that are allocated for an announced length. */
    private static final int MAX_INITIAL_BYTES = 8 * 1024;

    private final int maxBytes;

    private byte[] bytes;

    private int size;

    private RequestBody(int expected, int maxBytes) {
        this.bytes = new byte[expected];
        this.maxBytes = maxBytes;
    }

    /** The whole body; fails with a {@link StreamRefusedException} when it is too large or too slow. */
    static Mono<byte[]> read(ServerHttpRequest request, BodyLimits limits) {
        long announced = request.getHeaders().getContentLength();
        try {
            limits.check(announced);
        } catch (StreamRefusedException tooLarge) {
            return Mono.error(tooLarge);
        }
        int expected = (int) Math.min(Math.max(announced, 0), MAX_INITIAL_BYTES);
        return request.getBody()
                .collect(() -> new RequestBody(expected, limits.maxBytes()), RequestBody::append)
                .timeout(limits.timeout(), Mono.error(StreamRefusedException::tooSlow))
                .map(RequestBody::toByteArray)
                .onErrorMap(Exceptions::unwrap);
    }

    private void append(DataBuffer buffer) {
        try {
            int more = buffer.readableByteCount();
            if (more > maxBytes - size) {
                throw Exceptions.propagate(StreamRefusedException.tooLarge());
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
