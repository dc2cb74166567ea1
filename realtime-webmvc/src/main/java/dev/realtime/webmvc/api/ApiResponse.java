package dev.realtime.webmvc.api;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Response to a request that is processed asynchronously, sent from any thread without blocking it: a short body waits
 * in the buffer of the response, a longer one is written when the container takes bytes. Used once.
 */
final class ApiResponse implements WriteListener {

    private static final Logger logger = LoggerFactory.getLogger(ApiResponse.class);

    /** Part of the buffer of a response that every container fills before it writes to the socket. */
    private static final int SHARE_OF_BUFFER = 4;

    private static final int MAX_CHUNK = 16 * 1024;

    private final AsyncContext async;

    private final ServletOutputStream output;

    private final ByteBuffer body;

    private ApiResponse(AsyncContext async, ServletOutputStream output, ByteBuffer body) {
        this.async = async;
        this.output = output;
        this.body = body;
    }

    /** Sends the body, after status and headers are set, and ends the request. */
    static void send(AsyncContext async, HttpServletResponse response, ByteBuffer body) {
        response.setContentLength(body.remaining());
        try {
            ServletOutputStream output = response.getOutputStream();
            if (body.remaining() <= response.getBufferSize() / SHARE_OF_BUFFER) {
                output.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
                async.complete();
            } else {
                output.setWriteListener(new ApiResponse(async, output, body));
            }
        } catch (IOException failure) {
            end(async, failure);
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        while (output.isReady()) {
            if (!body.hasRemaining()) {
                async.complete();
                return;
            }
            int length = Math.min(body.remaining(), MAX_CHUNK);
            output.write(body.array(), body.arrayOffset() + body.position(), length);
            body.position(body.position() + length);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(async, failure);
    }

    private static void end(AsyncContext async, Throwable failure) {
        logger.debug("A reply of the API could not be sent.", failure);
        async.complete();
    }
}
