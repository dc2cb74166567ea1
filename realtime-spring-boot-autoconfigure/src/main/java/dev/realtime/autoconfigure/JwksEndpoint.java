package dev.realtime.autoconfigure;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.realtime.auth.token.TokenKeySet;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;

/**
 * Web address of a JSON Web Key Set, fetched by the retriever of Nimbus. Follows no redirect, so that nobody but the
 * operator decides where the keys come from. {@link #fetch()} blocks for up to {@link #TIMEOUT} to connect and again
 * for each read.
 */
final class JwksEndpoint {

    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger logger = LoggerFactory.getLogger(JwksEndpoint.class);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI address;

    private final @Nullable SslBundle bundle;

    private final @Nullable ProxySelector proxies;

    /**
     * Creates an endpoint.
     *
     * @param address as {@link #check} accepts it
     * @param bundle of the certificates to trust, read again for each fetch; {@code null} for those of the JVM
     * @param proxies of the application; {@code null} for those of the JVM, such as {@code -Dhttps.proxyHost}
     */
    JwksEndpoint(URI address, @Nullable SslBundle bundle, @Nullable ProxySelector proxies) {
        this.address = address;
        this.bundle = bundle;
        this.proxies = proxies;
    }

    /**
     * Returns the address, if it is one.
     *
     * @throws InvalidRealtimePropertyException if it is not the address of a web server, or to be completed from claims
     *     of tokens
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
        throw new InvalidRealtimePropertyException(
                property,
                "`%s` is not the address of a web server without user and password, so keys could not be fetched."
                        .formatted(property),
                "Set it to an address such as `https://id.example.org/.well-known/jwks.json`, or to the location of a"
                        + " document such as `file:/etc/keys/jwks.json`.");
    }

    /**
     * Fetches the document. Blocks.
     *
     * @throws IOException if it cannot be fetched, is not there, or is larger than
     *     {@link TokenKeySet#MAX_DOCUMENT_BYTES}
     */
    String fetch() throws IOException {
        SSLSocketFactory sockets =
                bundle == null ? null : bundle.createSslContext().getSocketFactory();
        int timeout = Math.toIntExact(TIMEOUT.toMillis());
        DefaultResourceRetriever retriever =
                new DefaultResourceRetriever(timeout, timeout, TokenKeySet.MAX_DOCUMENT_BYTES, true, sockets) {
                    @Override
                    protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
                        HttpURLConnection connection = super.openHTTPConnection(url);
                        connection.setInstanceFollowRedirects(false);
                        return connection;
                    }
                };
        retriever.setHeaders(Map.of("Accept", List.of("application/json")));
        Proxy proxy = proxies == null
                ? null
                : proxies.select(address).stream().findFirst().orElse(null);
        if (proxy != null) {
            retriever.setProxy(proxy);
        }
        return retriever.retrieveResource(address.toURL()).getContent();
    }

    /** Returns the address, for messages. */
    @Override
    public String toString() {
        return address.toString();
    }
}
