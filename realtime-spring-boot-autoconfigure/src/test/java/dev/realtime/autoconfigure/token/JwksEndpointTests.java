package dev.realtime.autoconfigure.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;

/** Fetching a key set from a real web server. */
class JwksEndpointTests {

    private KeySetServer server;

    @BeforeEach
    void start() throws IOException {
        server = KeySetServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JwksEndpoint endpoint(URI address, @Nullable SslBundle bundle, @Nullable ProxySelector proxies) {
        return new JwksEndpoint(address, () -> bundle, proxies, JwksEndpoint.LIMIT);
    }

    private String fetch() throws IOException {
        return endpoint(server.address(), null, null).fetch();
    }

    @Test
    void documentIsFetchedAsItIs() throws IOException {
        server.answer(200, "{\"keys\":[],\"ä\":1}".getBytes(StandardCharsets.UTF_8));

        assertThat(fetch()).isEqualTo("{\"keys\":[],\"ä\":1}");
        assertThat(server.requests()).containsExactly("GET /keys");
    }

    @Test
    void redirectIsNotFollowed() {
        server.answer(302, new byte[0]);

        assertThatIOException().isThrownBy(this::fetch).withMessageContaining("302");
        assertThat(server.requests()).containsExactly("GET /keys");
    }

    @Test
    void otherStatusFails() {
        server.answer(503, new byte[] {1});

        assertThatIOException().isThrownBy(this::fetch).withMessageContaining("503");
    }

    @Test
    void documentThatIsTooLongIsGivenUp() {
        server.answer(200, new byte[5_000_000]);

        assertThatIOException().isThrownBy(this::fetch).withMessageContaining("262144");
    }

    @Test
    void serverThatHangsIsGivenUp() {
        server.hang();

        assertThatIOException()
                .isThrownBy(shortly(server.address())::fetch)
                .isInstanceOf(HttpTimeoutException.class)
                .withMessage("no complete document within 300 ms");
    }

    private static JwksEndpoint shortly(URI address) {
        return new JwksEndpoint(address, () -> null, null, Duration.ofMillis(300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Slow: ", ""})
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void serverThatDripsIsGivenUpAndDisconnected(String beginning) throws Exception {
        try (ServerSocket dripping = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> disconnected =
                    CompletableFuture.runAsync(() -> drip(dripping, beginning), task -> new Thread(task).start());

            assertThatIOException()
                    .isThrownBy(shortly(URI.create("http://127.0.0.1:" + dripping.getLocalPort()))::fetch)
                    .isInstanceOf(HttpTimeoutException.class);
            assertThat(disconnected).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    /** Sends a byte every few milliseconds until the client is gone. */
    private static void drip(ServerSocket server, String beginning) {
        try (Socket client = server.accept()) {
            OutputStream out = client.getOutputStream();
            out.write(beginning.getBytes(StandardCharsets.US_ASCII));
            client.setSoTimeout(20);
            while (true) {
                out.write(' ');
                try {
                    if (client.getInputStream().read() < 0) {
                        return;
                    }
                } catch (SocketTimeoutException stillThere) {
                    // The next byte.
                }
            }
        } catch (IOException gone) {
            // As expected, by a reset.
        }
    }

    @Test
    void serverThatIsNotThereFails() {
        server.close();

        assertThatIOException().isThrownBy(this::fetch).isInstanceOf(ConnectException.class);
    }

    @Test
    void proxyOfTheApplicationIsUsed() throws IOException {
        ProxySelector proxies = ProxySelector.of(new InetSocketAddress("127.0.0.1", server.port()));

        assertThat(endpoint(URI.create("http://id.example.org/keys"), null, proxies)
                        .fetch())
                .contains("\"one\"");
        assertThat(server.requests()).containsExactly("GET http://id.example.org/keys");
    }

    @Test
    void serverWithACertificateOfAnInternalAuthorityIsTrustedByTheBundleAlone(@TempDir Path directory)
            throws Exception {
        Path store = createCertificate(directory);
        SslBundle bundle = bundle(store);
        try (KeySetServer secured = startSecured(store)) {
            URI address = secured.address("https");

            assertThat(endpoint(address, bundle, null).fetch()).contains("\"one\"");
            assertThatIOException()
                    .isThrownBy(() -> endpoint(address, null, null).fetch())
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    static SslBundle bundle(Path store) {
        JksSslStoreDetails details = new JksSslStoreDetails("PKCS12", null, "file:" + store, "changeit");
        return SslBundle.of(new JksSslStoreBundle(details, details), SslBundleKey.of("changeit", "server"));
    }

    /** Starts a server of keys with that certificate. */
    static KeySetServer startSecured(Path store) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(bundle(store).createSslContext()));
        return new KeySetServer((HttpServer) https);
    }

    /** Creates a self-signed certificate for the loopback address, and returns its key store. */
    static Path createCertificate(Path directory) throws Exception {
        Path store = directory.resolve("server.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return store;
    }
}
