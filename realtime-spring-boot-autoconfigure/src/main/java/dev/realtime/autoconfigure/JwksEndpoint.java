package dev.realtime.autoconfigure;

import dev.realtime.auth.token.JwksKeys;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Fetches a JSON Web Key Set from the one address that configuration names. Follows no redirect, so that nobody but the operator
 * says where the keys come from. Nothing happens before the first fetch; then one client with its threads stays.
 */
final class JwksEndpoint implements Supplier<Mono<byte[]>> {

    private static final Logger logger = LoggerFactory.getLogger(JwksEndpoint.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpRequest request;

    private final Mono<HttpClient> client = Mono.fromSupplier(() -> HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build())
            .cache();

    JwksEndpoint(URI endpoint) {
        this.request = HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
    }

    /**
     * The address, if it is one.
     *
     * @throws InvalidRealtimePropertyException if it is no address of a web server, or to be completed from claims of tokens
     */
    static URI check(String property, String address) {
        if (address.contains("{{")) {
            throw new InvalidRealtimePropertyException(
                    property,
                    "`%s` is `%s`, but nothing of a token may become part of an address: whoever writes tokens would choose the server that keys are fetched from."
                            .formatted(property, address),
                    "Write the whole address. For several issuers define a `ReactiveJwtDecoder` bean that knows each of them.");
        }
        URI uri = parsed(property, address);
        if ("http".equalsIgnoreCase(uri.getScheme()) && !LOOPBACK.contains(uri.getHost())) {
            logger.warn(
                    "`{}` is not encrypted, so whoever is on the way can put keys of their own in place. Use https.",
                    property);
        }
        return uri;
    }

    private static URI parsed(String property, String address) {
        try {
            URI uri = new URI(address.strip());
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // Said below.
        }
        throw new InvalidRealtimePropertyException(
                property,
                "`%s` is not the address of a web server without user and password, so keys could not be fetched."
                        .formatted(property),
                "Set it to an address such as `https://id.example.org/.well-known/jwks.json`.");
    }

    @Override
    public Mono<byte[]> get() {
        return client.flatMap(http -> Mono.fromFuture(() -> http.sendAsync(request, JwksEndpoint::bodyOf)))
                .map(HttpResponse::body);
    }

    private static BodySubscriber<byte[]> bodyOf(HttpResponse.ResponseInfo response) {
        if (response.statusCode() != 200) {
            return BodySubscribers.mapping(BodyHandlers.discarding().apply(response), nothing -> {
                throw new IllegalStateException("the answer was status " + response.statusCode());
            });
        }
        return new BoundedBody(JwksKeys.MAX_DOCUMENT_BYTES);
    }

    /** Collects a body and gives it up when it is too long. */
    private static final class BoundedBody implements BodySubscriber<byte[]> {

        private final BodySubscriber<byte[]> collecting = BodySubscribers.ofByteArray();

        private final long maxBytes;

        private Flow.@Nullable Subscription subscription;

        private long received;

        BoundedBody(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return collecting.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            collecting.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            received += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
            if (received > maxBytes) {
                Objects.requireNonNull(subscription, "onSubscribe comes first").cancel();
                collecting.onError(new IOException("the answer is longer than " + maxBytes + " bytes"));
            } else {
                collecting.onNext(buffers);
            }
        }

        @Override
        public void onError(Throwable error) {
            collecting.onError(error);
        }

        @Override
        public void onComplete() {
            if (received <= maxBytes) {
                collecting.onComplete();
            }
        }
    }
}
