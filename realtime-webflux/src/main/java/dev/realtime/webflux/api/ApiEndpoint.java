package dev.realtime.webflux.api;

import dev.realtime.httpapi.ApiKey;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.httpapi.HttpApiOptions;
import dev.realtime.httpapi.HttpApiReply;
import dev.realtime.httpapi.HttpRefusedException;
import dev.realtime.webflux.RequestBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Endpoint of one path of the API: checks the key and the method of a request, reads its body, and writes the reply of
 * {@link HttpApi}.
 */
final class ApiEndpoint implements WebHandler {

    private static final Logger logger = LoggerFactory.getLogger(ApiEndpoint.class);

    private static final String ERROR_MODE_HEADER = "X-Centrifugo-Error-Mode";

    private static final MediaType PLAIN_TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final String method;

    private final ApiKey key;

    private final HttpApi api;

    ApiEndpoint(String method, ApiKey key, HttpApi api) {
        this.method = method;
        this.key = key;
        this.api = api;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        if (!hasKey(request)) {
            response.setStatusCode(HttpStatus.UNAUTHORIZED);
            return response.setComplete();
        }
        if (!HttpMethod.POST.equals(request.getMethod())) {
            response.getHeaders().set(HttpHeaders.ALLOW, HttpMethod.POST.name());
            response.setStatusCode(HttpStatus.METHOD_NOT_ALLOWED);
            return response.setComplete();
        }
        HttpApiOptions options = api.options();
        return RequestBody.read(
                        request,
                        options.maxBodyBytes(),
                        options.readTimeout(),
                        () -> tooLarge(options),
                        () -> tooSlow(options))
                .flatMap(body -> api.call(method, body, wantsTransportErrors(request)))
                .flatMap(reply -> write(response, reply))
                .onErrorResume(HttpRefusedException.class, refusal -> refuse(response, refusal));
    }

    private static HttpRefusedException tooLarge(HttpApiOptions options) {
        return new HttpRefusedException(
                HttpRefusedException.CONTENT_TOO_LARGE,
                "the body is larger than realtime.http-api.max-body-size, " + options.maxBodyBytes() + " bytes");
    }

    private static HttpRefusedException tooSlow(HttpApiOptions options) {
        return new HttpRefusedException(
                HttpRefusedException.REQUEST_TIMEOUT,
                "the body did not arrive within realtime.http-api.read-timeout, "
                        + options.readTimeout().toMillis() + " ms");
    }

    private boolean hasKey(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return key.opens(
                headers.getFirst(ApiKey.HEADER),
                headers.getFirst(HttpHeaders.AUTHORIZATION),
                request.getQueryParams().getFirst(ApiKey.PARAMETER));
    }

    private static boolean wantsTransportErrors(ServerHttpRequest request) {
        return "transport".equals(request.getHeaders().getFirst(ERROR_MODE_HEADER));
    }

    private static Mono<Void> write(ServerHttpResponse response, HttpApiReply reply) {
        response.setRawStatusCode(reply.status());
        return send(response, MediaType.APPLICATION_JSON, reply.body());
    }

    private Mono<Void> refuse(ServerHttpResponse response, HttpRefusedException refusal) {
        logger.debug("API request for {} was refused: {}", method, refusal.getMessage());
        HttpStatus status = HttpStatus.valueOf(refusal.status());
        response.setStatusCode(status);
        if (status != HttpStatus.BAD_REQUEST) {
            // Does not wait for the rest of the body, which may still be arriving.
            response.getHeaders().set(HttpHeaders.CONNECTION, "close");
        }
        String text = status.getReasonPhrase() + "\n";
        return send(response, PLAIN_TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Mono<Void> send(ServerHttpResponse response, MediaType type, ByteBuffer body) {
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(type);
        headers.setContentLength(body.remaining());
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }
}
