package dev.realtime.webmvc.stream;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.web.HandshakeRefusal;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.CorsHeaders;
import dev.realtime.web.stream.StreamRefusedException;
import dev.realtime.webmvc.ClientRequest;
import dev.realtime.webmvc.RequestBody;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;

/**
 * Request to an endpoint of this room: its origin, its body, and the reply when it is refused or has no stream. A reply
 * is short enough for the buffer of any response, so that it does not block.
 */
final class StreamRequest {

    private static final Logger logger = LoggerFactory.getLogger(StreamRequest.class);

    private static final long NO_TIMEOUT = 0;

    /** Whether the log has the reason why requests cannot be processed asynchronously. */
    private static final AtomicBoolean explained = new AtomicBoolean();

    private final ClientRequest client;

    private final HttpServletResponse response;

    private final RefusalLog refusals;

    /** Null while the thread of the container processes the request. */
    private @Nullable AsyncContext async;

    StreamRequest(HttpServletRequest request, HttpServletResponse response, RefusalLog refusals) {
        this.client = ClientRequest.of(request);
        this.response = response;
        this.refusals = refusals;
    }

    ClientRequest client() {
        return client;
    }

    HttpServletResponse response() {
        return response;
    }

    String method() {
        return client.request().getMethod();
    }

    @Nullable
    String header(String name) {
        return client.headers().getFirst(name);
    }

    /**
     * Checks the page that sent the request, and lets it read the response.
     *
     * @throws StreamRefusedException if the page may not connect
     */
    void checkOrigin(OriginRule rule) throws StreamRefusedException {
        if (!rule.allows(client.headers(), client.uri())) {
            throw StreamRefusedException.foreignOrigin();
        }
        CorsHeaders.of(header(HttpHeaders.ORIGIN), header(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS))
                .forEach(response::setHeader);
    }

    /** Replies to a preflight request. */
    void permit() throws IOException {
        CorsHeaders.ofPreflight().forEach(response::setHeader);
        response.setStatus(HttpStatus.NO_CONTENT.value());
        // Otherwise Spring would add the methods of all endpoints.
        response.flushBuffer();
    }

    /**
     * Continues without the thread of the container, and without a time limit of it.
     *
     * @throws StreamRefusedException if a filter or the servlet does not support that
     */
    AsyncContext continueAsynchronously() throws StreamRefusedException {
        AsyncContext started = async;
        if (started == null) {
            started = start();
            async = started;
        }
        return started;
    }

    private AsyncContext start() throws StreamRefusedException {
        try {
            AsyncContext started = client.request().startAsync(client.request(), response);
            started.setTimeout(NO_TIMEOUT);
            return started;
        } catch (IllegalStateException unsupported) {
            if (explained.compareAndSet(false, true)) {
                logger.error(
                        "Streams cannot be served: a filter or the servlet in front of {} does not support asynchronous"
                                + " requests. Register it with `setAsyncSupported(true)`, or restrict it to other"
                                + " paths.",
                        client.request().getRequestURI(),
                        unsupported);
            }
            throw StreamRefusedException.notAsynchronous();
        }
    }

    /**
     * Reads the whole body; fails with a {@link StreamRefusedException} when it is too large or too slow.
     *
     * @throws StreamRefusedException if the request cannot be processed asynchronously
     */
    Mono<byte[]> body(BodyLimits limits) throws StreamRefusedException {
        continueAsynchronously();
        return RequestBody.read(client.request(), limits.maxBytes(), limits.timeout(), BodyRefusals.INSTANCE);
    }

    /** Replies with a status and without a body. */
    void end(HttpStatus status) {
        reply(() -> response.setStatus(status.value()));
    }

    /** Replies to a request that has failed. */
    void fail(Throwable failure) {
        if (failure instanceof StreamRefusedException refusal) {
            refuse(refusal);
        } else {
            logger.error("A request for {} failed.", client.request().getRequestURI(), failure);
            end(HttpStatus.INTERNAL_SERVER_ERROR);
        }
    }

    /** Replies to a refused request with the reason, and logs it. */
    void refuse(StreamRefusedException refusal) {
        refusals.refused(
                new HandshakeRefusal(refusal.status(), refusal.reason()),
                header(HttpHeaders.ORIGIN),
                client.uri().getAuthority(),
                client.request().getRequestURI(),
                true);
        reply(() -> {
            response.setStatus(refusal.status());
            refusal.headers().forEach(response::setHeader);
            response.setContentType(MediaType.TEXT_PLAIN_VALUE);
            byte[] reason = refusal.reason().getBytes(StandardCharsets.US_ASCII);
            response.setContentLength(reason.length);
            try {
                response.getOutputStream().write(reason);
            } catch (IOException gone) {
                logger.debug("A refusal could not be sent.", gone);
            }
        });
    }

    /** Ends the request also if its response fails, for instance because the client has left. */
    private void reply(Runnable writing) {
        AsyncContext started = async;
        Boundary.run(Place.QUESTION, "a reply to a client of streams", writing);
        if (started != null) {
            Boundary.run(Place.QUESTION, "a client of streams", started::complete);
        }
    }

    private enum BodyRefusals implements RequestBody.Refusals {
        INSTANCE;

        @Override
        public Throwable tooLarge() {
            return StreamRefusedException.tooLarge();
        }

        @Override
        public Throwable tooSlow() {
            return StreamRefusedException.tooSlow();
        }

        @Override
        public Throwable cutOff() {
            return StreamRefusedException.malformed("The body ended early or is malformed");
        }
    }
}
