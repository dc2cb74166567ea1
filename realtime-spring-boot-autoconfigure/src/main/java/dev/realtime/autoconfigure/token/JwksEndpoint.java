package dev.realtime.autoconfigure.token;

import dev.realtime.auth.token.TokenKeySet;
import dev.realtime.failure.ConfigurationProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;

/**
 * Web address of a JSON Web Key Set. Follows no redirect, so that only the operator decides where the keys come
 * from. The limit of {@link #fetch()} is that of the whole: a server that sends a byte now and then does not extend it,
 * as it would extend the timeout of a read.
 */
final class JwksEndpoint {

    /** Time in which a document has to be there, from the start of the connection to the last byte. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Logger logger = LoggerFactory.getLogger(JwksEndpoint.class);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI address;

    private final Supplier<@Nullable SslBundle> bundle;

    private final @Nullable ProxySelector proxies;

    private final Duration limit;

    /**
     * Creates an endpoint.
     *
     * @param address as {@link #check} accepts it
     * @param bundle of the certificates to trust, read again for each fetch; {@code null} for those of the JVM
     * @param proxies of the application; {@code null} for those of the JVM, such as {@code -Dhttps.proxyHost}
     * @param limit of the time of a fetch, positive
     */
    JwksEndpoint(URI address, Supplier<@Nullable SslBundle> bundle, @Nullable ProxySelector proxies, Duration limit) {
        this.address = address;
        this.bundle = bundle;
        this.proxies = proxies;
        this.limit = limit;
    }

    /**
     * Returns the address, if it is one.
     *
     * @throws ConfigurationProblemException if it is not the address of a web server, or to be completed from claims
     *     of tokens
     */
    static URI check(String property, String address) {
        if (address.contains("{{")) {
            throw new ConfigurationProblemException(
                    property,
                    ("`%s` is `%s`, but nothing of a token may become part of an address: the writer "
                                    + "of a token would choose the server that keys are fetched from.")
                            .formatted(property, address),
                    "Write the whole address. For several issuers define a `ReactiveJwtDecoder` bean "
                            + "that knows each of them.");
        }
        URI uri = parsed(property, address);
        if ("http".equalsIgnoreCase(uri.getScheme()) && !LOOPBACK.contains(uri.getHost())) {
            logger.warn(
                    "`{}` is not encrypted, so anyone on the network path can replace the keys. Use https.", property);
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
            // Refused below.
        }
        throw new ConfigurationProblemException(
                property,
                "`%s` is not the address of a web server without user and password, so keys could not be fetched."
                        .formatted(property),
                "Set it to an address such as `https://id.example.org/.well-known/jwks.json`, or to the location of a"
                        + " document such as `file:/etc/keys/jwks.json`.");
    }

    /**
     * Fetches the document. Blocks for no longer than the limit.
     *
     * @throws IOException if it cannot be fetched within the limit, is not there, or is larger than
     *     {@link TokenKeySet#MAX_DOCUMENT_BYTES}
     */
    String fetch() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<String>> response = client().sendAsync(
                        request, answer -> answer.statusCode() == 200 ? new Document() : BodySubscribers.replacing(""));
        try {
            HttpResponse<String> answer = response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("the server returned status " + answer.statusCode());
            }
            return answer.body();
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no complete document within " + limit.toMillis() + " ms");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server is stopping");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
        } finally {
            // Closes the connection of a request that is still in progress.
            response.cancel(true);
        }
    }

    private HttpClient client() {
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        SslBundle trusted = bundle.get();
        if (trusted != null) {
            client.sslContext(trusted.createSslContext());
        }
        if (proxies != null) {
            client.proxy(proxies);
        }
        Authenticator authenticator = Authenticator.getDefault();
        if (authenticator != null) {
            client.authenticator(authenticator);
        }
        return client.build();
    }

    /** Returns the address, for messages. */
    @Override
    public String toString() {
        return address.toString();
    }

    /** Text of limited length. Called by one thread at a time. */
    private static final class Document implements BodySubscriber<String> {

        private final CompletableFuture<String> text = new CompletableFuture<>();

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<String> getBody() {
            return text;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                if (bytes.size() + part.length > TokenKeySet.MAX_DOCUMENT_BYTES) {
                    text.completeExceptionally(new IOException(
                            "the document is larger than " + TokenKeySet.MAX_DOCUMENT_BYTES + " bytes"));
                    Objects.requireNonNull(subscription).cancel();
                    return;
                }
                bytes.writeBytes(part);
            }
        }

        @Override
        public void onError(Throwable failure) {
            text.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            text.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
