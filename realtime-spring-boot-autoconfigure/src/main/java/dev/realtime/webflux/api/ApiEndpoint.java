package dev.realtime.webflux.api;

import dev.realtime.protocol.JsonScanner;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.Payload;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.WireWriter;
import dev.realtime.protocol.json.JsonInput;
import dev.realtime.webflux.api.HttpApiOptions.ErrorMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
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
 * One path of the API. Publishing is a hot path, so the request is read from the bytes as they came and the reply written as
 * bytes: no codec, no tree, no argument resolution.
 */
final class ApiEndpoint implements WebHandler {

    private static final Logger logger = LoggerFactory.getLogger(ApiEndpoint.class);

    private static final String ERROR_MODE_HEADER = "X-Centrifugo-Error-Mode";

    private static final byte[] EMPTY_REQUEST = "{}".getBytes(StandardCharsets.US_ASCII);

    private static final MediaType PLAIN_TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private final ApiMethod method;

    private final ApiKey key;

    private final ApiContext context;

    private final HttpApiOptions options;

    private final ProtocolLimits limits;

    ApiEndpoint(ApiMethod method, ApiKey key, ApiContext context) {
        this.method = method;
        this.key = key;
        this.context = context;
        this.options = context.options();
        // The body is bounded, and so are its names.
        this.limits = new ProtocolLimits(
                options.maxBodyBytes(),
                1,
                Payload.MAX_JSON_DEPTH,
                options.maxBodyBytes(),
                ProtocolLimits.DEFAULTS.numberLength());
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        if (!key.opens(request)) {
            response.setStatusCode(HttpStatus.UNAUTHORIZED);
            return response.setComplete();
        }
        if (!HttpMethod.POST.equals(request.getMethod())) {
            response.getHeaders().set(HttpHeaders.ALLOW, HttpMethod.POST.name());
            response.setStatusCode(HttpStatus.METHOD_NOT_ALLOWED);
            return response.setComplete();
        }
        return RequestBody.read(request, options.maxBodyBytes(), options.readTimeout())
                .flatMap(this::run)
                .flatMap(reply -> write(request, response, reply))
                .onErrorResume(HttpRefusal.class, refusal -> refuse(response, refusal));
    }

    private Mono<ApiReply> run(byte[] body) {
        try {
            return ApiReply.to(method, read(body), context);
        } catch (MalformedFrameException malformed) {
            return Mono.error(new HttpRefusal(HttpStatus.BAD_REQUEST, String.valueOf(malformed.getMessage())));
        }
    }

    private ApiCommand read(byte[] body) throws MalformedFrameException {
        JsonInput json = input(body);
        ApiCommand command;
        switch (json.peek()) {
            case '{' -> {
                json.open();
                command = method.read(json);
            }
            case 'n' -> {
                json.skipValue();
                JsonInput nothing = input(EMPTY_REQUEST);
                nothing.open();
                command = method.read(nothing);
            }
            default -> throw new MalformedFrameException("A request must be a JSON object.");
        }
        if (json.peek() != JsonScanner.END) {
            throw new MalformedFrameException("Nothing must follow the JSON object of a request.");
        }
        return command;
    }

    private JsonInput input(byte[] bytes) {
        JsonInput json = new JsonInput(bytes, limits);
        json.moveTo(0, bytes.length);
        return json;
    }

    private Mono<Void> write(ServerHttpRequest request, ServerHttpResponse response, ApiReply reply) {
        WireWriter out = new WireWriter(256);
        ApiError error = reply.error();
        if (error != null && asTransportError(request)) {
            error.write(out);
            response.setStatusCode(error.status());
        } else if (error == null && method == ApiMethod.BATCH) {
            // The one reply without a level above its result.
            Objects.requireNonNull(reply.result()).write(out);
        } else {
            reply.write(out, ApiField.RESULT);
        }
        return send(response, MediaType.APPLICATION_JSON, ByteBuffer.wrap(out.array(), 0, out.size()));
    }

    private boolean asTransportError(ServerHttpRequest request) {
        return options.errorMode() == ErrorMode.TRANSPORT
                || "transport".equals(request.getHeaders().getFirst(ERROR_MODE_HEADER));
    }

    private Mono<Void> refuse(ServerHttpResponse response, HttpRefusal refusal) {
        logger.debug("API request for {} was refused: {}", method.text(), refusal.getMessage());
        HttpStatus status = refusal.status();
        response.setStatusCode(status);
        if (status != HttpStatus.BAD_REQUEST) {
            // The rest of the body may still be on its way, and is not waited for.
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
