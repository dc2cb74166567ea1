package dev.realtime.webmvc;

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
public final class RequestBody implements ReadListener {

    /** Maximum of bytes that are allocated for an announced length. */
    private static final int MAX_INITIAL_BYTES = 8 * 1024;

    private static final int END = -1;

    /** Failures of bodies that are refused. */
    public interface Refusals {

        /** Returns the failure of a body above the limit. */
        Throwable tooLarge();

        /** Returns the failure of a body that is not complete in time. */
        Throwable tooSlow();

        /** Returns the failure of a body that ended early or is malformed. */
        Throwable cutOff();
    }

    private final ServletInputStream input;

    private final int maxBytes;

    private final Refusals refusals;

    private final MonoSink<byte[]> result;

    private byte[] bytes;

    private int size;

    /** Set by another thread when the time is over. */
    private volatile boolean ended;

    private RequestBody(
            ServletInputStream input, int expected, int maxBytes, Refusals refusals, MonoSink<byte[]> result) {
        this.input = input;
        this.bytes = new byte[expected];
        this.maxBytes = maxBytes;
        this.refusals = refusals;
        this.result = result;
    }

    /**
     * Reads the whole body of a request that is processed asynchronously.
     *
     * @param maxBytes maximum size in bytes
     * @param timeout time until the whole body must have arrived
     * @return the body; fails as {@code refusals} say when it is too large, too slow or cut off
     */
    public static Mono<byte[]> read(HttpServletRequest request, int maxBytes, Duration timeout, Refusals refusals) {
        long announced = request.getContentLengthLong();
        if (announced > maxBytes) {
            return Mono.error(refusals::tooLarge);
        }
        int expected = (int) Math.min(Math.max(announced, 0), MAX_INITIAL_BYTES);
        return Mono.<byte[]>create(result -> {
                    try {
                        ServletInputStream input = request.getInputStream();
                        RequestBody body = new RequestBody(input, expected, maxBytes, refusals, result);
                        result.onDispose(() -> body.ended = true);
                        input.setReadListener(body);
                    } catch (IOException failure) {
                        result.error(refusals.cutOff());
                    }
                })
                .timeout(timeout, Mono.error(refusals::tooSlow));
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
                result.error(refusals.tooLarge());
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
        result.error(refusals.cutOff());
    }
}
