package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** The certificate of the TLS connection identifies the client. */
class MutualTlsTests {

    private static final String CONNECT = "{'id':1,'connect':{}}";

    @TempDir
    private static Path directory;

    private static Path trusted;

    private static Path ann;

    private static Path retired;

    private static Path stranger;

    private static RunningApplication application;

    @BeforeAll
    static void start() throws Exception {
        Certificates certificates = new Certificates(directory);
        Path server = certificates.key("localhost", "san=dns:localhost");
        ann = certificates.key("ann");
        retired = certificates.key("retired");
        stranger = certificates.key("stranger");
        trusted = certificates.trusting("server-only", server);
        application = RunningApplication.start(
                Application.class,
                "spring.ssl.bundle.jks.web.keystore.location=file:" + server,
                "spring.ssl.bundle.jks.web.keystore.password=" + Certificates.PASSWORD,
                "spring.ssl.bundle.jks.web.truststore.location=file:" + certificates.trusting("clients", ann, retired),
                "spring.ssl.bundle.jks.web.truststore.password=" + Certificates.PASSWORD,
                "server.ssl.bundle=web",
                "server.ssl.client-auth=want");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static Socket socket(@Nullable Path key) throws Exception {
        Socket socket =
                Certificates.client(trusted, key).getSocketFactory().createSocket("localhost", application.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static RawWebSocketClient open(@Nullable Path key) throws Exception {
        return RawWebSocketClient.connect(socket(key), RunningApplication.PATH);
    }

    @Test
    void subjectOfTheCertificateIsTheUser() throws Exception {
        try (RawWebSocketClient client = open(ann)) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("ann")).hasSize(1);
        }
    }

    @Test
    void clientWithoutACertificateIsRefused() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> open(null))
                .withMessageContaining("401");
    }

    @Test
    void trustedCertificateOfNoUserIsRefused() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> open(retired))
                .withMessageContaining("401");
    }

    @Test
    void certificateThatIsNotTrustedDoesNotGetThroughTheHandshakeOfTls() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(stranger));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebFluxSecurity
    static class Application {

        // tag::chain[]
        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .x509(withDefaults()) // the user is the common name of the certificate's subject
                    .build();
        }
        // end::chain[]

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(
                    User.withUsername("ann").password("").roles("USER").build());
        }
    }
}
