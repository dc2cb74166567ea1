package dev.realtime.webmvc;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportContract;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The transport on Tomcat under TLS. */
class EncryptedTomcatTransportTests extends TransportContract {

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    private SSLContext client;

    @Override
    protected int start(Function<Transport, TransportListener> node) throws Exception {
        Path file = keyStore();
        client = trusting(file);
        handler = new RealtimeWebSocketHandler(node, WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ZERO));
        server = WebServer.tomcat("", Endpoint.of(handler), connector -> encrypt(connector, file));
        return server.port();
    }

    @Override
    protected Socket layer(Socket socket) throws IOException {
        return client.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    }

    @AfterAll
    void stop() {
        server.close();
        handler.close();
    }

    private static void encrypt(Connector connector, Path file) {
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(file.toString());
        certificate.setCertificateKeystorePassword(PASSWORD);
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
        connector.setProperty("SSLEnabled", "true");
        connector.setScheme("https");
        connector.setSecure(true);
    }

    private static SSLContext trusting(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Path keyStore() throws IOException, InterruptedException {
        Path file = directory.resolve("localhost.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String[] command = (keytool + " -genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost"
                        + " -storetype PKCS12 -storepass " + PASSWORD + " -keystore " + file)
                .split(" ");
        new ProcessBuilder(command).start().waitFor();
        return file;
    }
}
