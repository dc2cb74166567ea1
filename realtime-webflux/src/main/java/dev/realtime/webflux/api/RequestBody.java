package dev.realtime.webflux.api;

import dev.realtime.httpapi.HttpRefusedException;
import java.time.Duration;
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

    /** The whole body; fails with an {@link HttpRefusedException} when it is too large or too slow. */
    static Mono<byte[]> read(ServerHttpRequest request, int maxBytes, Duration timeout) {
        long announced = request.getHeaders().getContentLength();
        if (announced > maxBytes) {
            return Mono.error(tooLarge(maxBytes));
        }
        int expected = (int) Math.min(Math.max(announced, 0), MAX_INITIAL_BYTES);
        return request.getBody()
                .collect(() -> new RequestBody(expected, maxBytes), RequestBody::append)
                .timeout(timeout, Mono.error(() -> tooSlow(timeout)))
                .map(RequestBody::toByteArray)
                .onErrorMap(Exceptions::unwrap);
    }

    private void append(DataBuffer buffer) {
        try {
            int more = buffer.readableByteCount();
            if (more > maxBytes - size) {
                throw Exceptions.propagate(tooLarge(maxBytes));
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

    private static HttpRefusedException tooLarge(int maxBytes) {
        return new HttpRefusedException(
                HttpRefusedException.CONTENT_TOO_LARGE,
                "the body is larger than realtime.http-api.max-body-size, " + maxBytes + " bytes");
    }

    private static HttpRefusedException tooSlow(Duration timeout) {
        return new HttpRefusedException(
                HttpRefusedException.REQUEST_TIMEOUT,
                "the body did not arrive within realtime.http-api.read-timeout, " + timeout.toMillis() + " ms");
    }
}
