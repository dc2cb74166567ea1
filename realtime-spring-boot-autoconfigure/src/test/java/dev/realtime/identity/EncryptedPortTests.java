package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The port of its own with an SSL bundle, beside an unencrypted one of the application. */
class EncryptedPortTests {

    @TempDir
    private Path directory;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Test
    void portHasTheCertificateOfItsBundle() throws Exception {
        Certificates certificates = new Certificates(directory);
        Path key = certificates.key("localhost", "san=dns:localhost");
        Path trusted = certificates.trusting("server-only", key);
        try (RunningApplication application = RunningApplication.start(
                Application.class,
                "spring.ssl.bundle.jks.clients.keystore.location=file:" + key,
                "spring.ssl.bundle.jks.clients.keystore.password=" + Certificates.PASSWORD,
                "realtime.server.port=0",
                "realtime.server.ssl.bundle=clients",
                "realtime.client.insecure=true")) {
            int port = application.bean(Environment.class).getRequiredProperty("local.realtime.port", Integer.class);
            Socket socket =
                    Certificates.client(trusted, null).getSocketFactory().createSocket("localhost", port);
            socket.setSoTimeout(10_000);

            try (RawWebSocketClient client = RawWebSocketClient.connect(socket, RunningApplication.PATH)) {
                assertThat(RunningApplication.ask(client, "{'id':1,'connect':{}}"))
                        .contains("'client':");
            }
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> RawWebSocketClient.connect(port, RunningApplication.PATH));
            assertThat(application.connect("{'id':1,'connect':{}}")).contains("'client':");
        }
    }
}
