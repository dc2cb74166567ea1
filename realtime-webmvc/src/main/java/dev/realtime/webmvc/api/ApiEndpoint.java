package dev.realtime.webmvc.api;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.httpapi.ApiKey;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.httpapi.HttpApiOptions;
import dev.realtime.httpapi.HttpApiReply;
import dev.realtime.httpapi.HttpRefusedException;
import dev.realtime.webmvc.RequestBody;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Endpoint of one path of the API: checks the key and the method of a request, reads its body, and writes the reply of
 * {@link HttpApi}. From the start of the body on a request is processed asynchronously, and its time limits are those
 * of the API.
 */
final class ApiEndpoint implements HttpRequestHandler {

    private static final Logger logger = LoggerFactory.getLogger(ApiEndpoint.class);

    private static final String ERROR_MODE_HEADER = "X-Centrifugo-Error-Mode";

    private static final String PLAIN_TEXT = "text/plain;charset=UTF-8";

    private static final long NO_TIMEOUT = 0;

    private final String method;

    private final ApiKey key;

    private final HttpApi api;

    ApiEndpoint(String method, ApiKey key, HttpApi api) {
        this.method = method;
        this.key = key;
        this.api = api;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
        if (!hasKey(request)) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        if (!HttpMethod.POST.matches(request.getMethod())) {
            response.setHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(NO_TIMEOUT);
        boolean transportErrors = "transport".equals(request.getHeader(ERROR_MODE_HEADER));
        HttpApiOptions options = api.options();
        RequestBody.read(request, options.maxBodyBytes(), options.readTimeout(), new ApiBodyRefusals(options))
                .flatMap(body -> api.call(method, body, transportErrors))
                // The observation of the request, and what the application keeps on its thread, reach handlers.
                .contextCapture()
                .subscribe(
                        reply -> respond(async, () -> reply(async, response, reply)),
                        failure -> respond(async, () -> fail(async, response, failure)));
    }

    private boolean hasKey(HttpServletRequest request) {
        return key.opens(
                request.getHeader(ApiKey.HEADER),
                request.getHeader(HttpHeaders.AUTHORIZATION),
                keyInQuery(request.getQueryString()));
    }

    /** Returns the parameter without {@code getParameter}, which would read the body of a form. */
    private static @Nullable String keyInQuery(@Nullable String query) {
        if (query == null) {
            return null;
        }
        String encoded = UriComponentsBuilder.newInstance()
                .query(query)
                .build()
                .getQueryParams()
                .getFirst(ApiKey.PARAMETER);
        try {
            return encoded == null ? null : UriUtils.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Ends the request also if its response fails, for instance because the client has left. */
    private static void respond(AsyncContext async, Runnable response) {
        try {
            response.run();
        } catch (Throwable failure) {
            Boundary.caught(Place.QUESTION, "a caller of the HTTP API", failure);
            Boundary.run(Place.QUESTION, "a caller of the HTTP API", async::complete);
        }
    }

    private static void reply(AsyncContext async, HttpServletResponse response, HttpApiReply reply) {
        response.setStatus(reply.status());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        ApiResponse.send(async, response, reply.body());
    }

    private void fail(AsyncContext async, HttpServletResponse response, Throwable failure) {
        if (failure instanceof HttpRefusedException refusal) {
            refuse(async, response, refusal);
        } else {
            logger.error("API request for {} failed.", method, failure);
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            async.complete();
        }
    }

    private void refuse(AsyncContext async, HttpServletResponse response, HttpRefusedException refusal) {
        logger.debug("API request for {} was refused: {}", method, refusal.getMessage());
        HttpStatus status = HttpStatus.valueOf(refusal.status());
        response.setStatus(status.value());
        if (status != HttpStatus.BAD_REQUEST) {
            // Does not wait for the rest of the body, which may still be arriving.
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        response.setContentType(PLAIN_TEXT);
        String text = status.getReasonPhrase() + "\n";
        ApiResponse.send(async, response, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
