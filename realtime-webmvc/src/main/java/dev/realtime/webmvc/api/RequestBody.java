package dev.realtime.webmvc.api;

import dev.realtime.httpapi.HttpRefusedException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Body of a request while it arrives, limited in size and time. It is read when the container has bytes of it, so a
 * slow client holds no thread. The container calls one method at a time.
 */
final class RequestBody implements ReadListener {

    /** Maximum of bytes that are allocated for an announced length. */
    private static final int MAX_INITIAL_BYTES = 8 * 1024;

    private static final int END = -1;

    private final ServletInputStream input;

    private final int maxBytes;

    private final MonoSink<byte[]> result;

    private byte[] bytes;

    private int size;

    /** Set by another thread when the time is over. */
    private volatile boolean ended;

    private RequestBody(ServletInputStream input, int expected, int maxBytes, MonoSink<byte[]> result) {
        this.input = input;
        this.bytes = new byte[expected];
        this.maxBytes = maxBytes;
        this.result = result;
    }

    /**
     * Reads the whole body of a request that is processed asynchronously.
     *
     * @return the body; fails with an {@link HttpRefusedException} when it is too large, too slow or cut off
     */
    static Mono<byte[]> read(HttpServletRequest request, int maxBytes, Duration timeout) {
        long announced = request.getContentLengthLong();
        if (announced > maxBytes) {
            return Mono.error(tooLarge(maxBytes));
        }
        int expected = (int) Math.min(Math.max(announced, 0), MAX_INITIAL_BYTES);
        return Mono.<byte[]>create(result -> {
                    try {
                        ServletInputStream input = request.getInputStream();
                        RequestBody body = new RequestBody(input, expected, maxBytes, result);
                        result.onDispose(() -> body.ended = true);
                        input.setReadListener(body);
                    } catch (IOException failure) {
                        result.error(cutOff());
                    }
                })
                .timeout(timeout, Mono.error(() -> tooSlow(timeout)));
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!ended && input.isReady()) {
            if (size == bytes.length && size < maxBytes) {
                bytes = Arrays.copyOf(bytes, Math.min(Math.max(2 * size, MAX_INITIAL_BYTES), maxBytes));
            }
            if (size < bytes.length) {
                int more = input.read(bytes, size, bytes.length - size);
                if (more == END) {
                    return;
                }
                size += more;
            } else if (input.read() != END) {
                result.error(tooLarge(maxBytes));
            } else {
                return;
            }
        }
    }

    @Override
    public void onAllDataRead() {
        result.success(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
    }

    @Override
    public void onError(Throwable failure) {
        result.error(cutOff());
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

    private static HttpRefusedException cutOff() {
        return new HttpRefusedException(HttpRefusedException.BAD_REQUEST, "the body ended early or is malformed");
    }
}
