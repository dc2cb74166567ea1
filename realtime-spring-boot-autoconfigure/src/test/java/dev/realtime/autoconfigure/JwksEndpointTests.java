package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    private String fetch() throws IOException {
        return new JwksEndpoint(server.address(), null, null).fetch();
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

        assertThatIOException().isThrownBy(this::fetch).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void serverThatIsNotThereFails() {
        server.close();

        assertThatIOException().isThrownBy(this::fetch).isInstanceOf(ConnectException.class);
    }

    @Test
    void proxyOfTheApplicationIsUsed() throws IOException {
        ProxySelector proxies = ProxySelector.of(new InetSocketAddress("127.0.0.1", server.port()));

        assertThat(new JwksEndpoint(URI.create("http://id.example.org/keys"), null, proxies).fetch())
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

            assertThat(new JwksEndpoint(address, bundle, null).fetch()).contains("\"one\"");
            assertThatIOException()
                    .isThrownBy(() -> new JwksEndpoint(address, null, null).fetch())
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static SslBundle bundle(Path store) {
        JksSslStoreDetails details = new JksSslStoreDetails("PKCS12", null, "file:" + store, "changeit");
        return SslBundle.of(new JksSslStoreBundle(details, details), SslBundleKey.of("changeit", "server"));
    }

    /** Starts a server of keys with that certificate. */
    static KeySetServer startSecured(Path store) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(bundle(store).createSslContext()));
        return new KeySetServer((HttpServer) https);
    }

    /** Creates a certificate for the loopback that nobody signed, and returns its key store. */
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
