package dev.realtime.httpapi;

import dev.realtime.api.data.Payload;
import dev.realtime.httpapi.HttpApiOptions.ErrorMode;
import dev.realtime.httpapi.command.ApiCommand;
import dev.realtime.httpapi.command.ApiContext;
import dev.realtime.httpapi.command.ApiError;
import dev.realtime.httpapi.command.ApiMethod;
import dev.realtime.httpapi.command.ApiReply;
import dev.realtime.httpapi.command.BatchCommand;
import dev.realtime.httpapi.field.ApiField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonScanner;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.ProtocolLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Server HTTP API without HTTP: takes the name of a method and the bytes of a request, and returns the bytes of the
 * reply. Web stacks map requests to it, and check the key and the size of a request with {@link ApiKey} and
 * {@link HttpApiOptions}.
 *
 * <p>Publishing is a hot path, so requests are read from bytes and replies written as bytes, without a codec, a tree or
 * argument resolution. Thread-safe and non-blocking.
 *
 * @see <a href="https://centrifugal.dev/docs/server/server_api">Server API of Centrifugo</a>
 */
public final class HttpApi {

    private static final int OK = 200;

    private static final byte[] EMPTY_REQUEST = "{}".getBytes(StandardCharsets.US_ASCII);

    private static final Map<String, ApiMethod> METHODS = Arrays.stream(ApiMethod.values())
            .collect(Collectors.toUnmodifiableMap(ApiMethod::text, Function.identity()));

    private final ApiContext context;

    private final HttpApiOptions options;

    private final ProtocolLimits limits;

    /**
     * Creates the API.
     *
     * @param context the beans that commands use
     * @param options limits of requests and the form of errors
     */
    public HttpApi(ApiContext context, HttpApiOptions options) {
        this.context = context;
        this.options = options;
        // The limit of the body also limits its names.
        this.limits = new ProtocolLimits(
                options.maxBodyBytes(),
                1,
                Payload.MAX_JSON_DEPTH,
                options.maxBodyBytes(),
                ProtocolLimits.DEFAULTS.numberLength());
    }

    /**
     * Returns the names of all methods.
     *
     * @return the last parts of the paths, for instance {@code publish}; {@code batch} is one of them
     */
    public static List<String> methods() {
        return Arrays.stream(ApiMethod.values()).map(ApiMethod::text).toList();
    }

    /**
     * Returns the options of this API.
     *
     * @return limits, some of which the web stack enforces
     */
    public HttpApiOptions options() {
        return options;
    }

    /**
     * Calls a method.
     *
     * @param method one of {@link #methods()}
     * @param body JSON object; the JSON literal {@code null} is an empty one
     * @param transportErrors whether to return errors as an HTTP status, regardless of the options
     * @return the reply, never empty; fails with {@link HttpRefusedException} when the request as a whole is refused,
     *     never otherwise
     */
    public Mono<HttpApiReply> call(String method, byte[] body, boolean transportErrors) {
        ApiMethod called = METHODS.get(method);
        if (called == null) {
            throw new IllegalArgumentException("`%s` is not a method of the HTTP API.".formatted(method));
        }
        boolean asStatus = transportErrors || options.errorMode() == ErrorMode.TRANSPORT;
        try {
            ApiCommand command = read(called, body);
            if (command instanceof BatchCommand batch && batch.items().size() > options.maxBatchSize()) {
                return Mono.error(tooLarge(batch));
            }
            return ApiReply.to(called, command, context).map(reply -> reply(called, reply, asStatus));
        } catch (MalformedJsonException malformed) {
            return Mono.error(
                    new HttpRefusedException(HttpRefusedException.BAD_REQUEST, String.valueOf(malformed.getMessage())));
        }
    }

    private HttpRefusedException tooLarge(BatchCommand batch) {
        return new HttpRefusedException(
                HttpRefusedException.CONTENT_TOO_LARGE,
                "a batch of " + batch.items().size() + " commands is larger than realtime.http-api.max-batch-size, "
                        + options.maxBatchSize());
    }

    private ApiCommand read(ApiMethod method, byte[] body) throws MalformedJsonException {
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
            default -> throw new MalformedJsonException("A request must be a JSON object.");
        }
        if (json.peek() != JsonScanner.END) {
            throw new MalformedJsonException("Nothing must follow the JSON object of a request.");
        }
        return command;
    }

    private JsonInput input(byte[] bytes) {
        JsonInput json = limits.jsonInput(bytes);
        json.moveTo(0, bytes.length);
        return json;
    }

    private static HttpApiReply reply(ApiMethod method, ApiReply reply, boolean asStatus) {
        WireWriter out = new WireWriter(256);
        ApiError error = reply.error();
        int status = OK;
        if (error != null && asStatus) {
            error.write(out);
            status = error.status();
        } else if (error == null && method == ApiMethod.BATCH) {
            // The only reply without a level above its result.
            Objects.requireNonNull(reply.result()).write(out);
        } else {
            reply.write(out, ApiField.RESULT);
        }
        return new HttpApiReply(status, ByteBuffer.wrap(out.array(), 0, out.size()));
    }
}
