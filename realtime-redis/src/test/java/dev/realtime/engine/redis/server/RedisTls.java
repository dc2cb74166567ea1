package dev.realtime.engine.redis.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A private certificate authority and a server certificate by it, for {@code localhost} and {@code 127.0.0.1}, as PEM
 * files. Made by the {@code keytool} of the running JDK, valid for one day from yesterday on.
 */
public final class RedisTls {

    private static final String PASSWORD = "of-a-test";

    private static final int KEYTOOL_SECONDS = 60;

    private static final Supplier<RedisTls> SHARED = new Supplier<>() {

        private @Nullable RedisTls made;

        @Override
        public synchronized RedisTls get() {
            if (made == null) {
                made = createInTemporaryDirectory();
            }
            return made;
        }
    };

    private final Path directory;

    private final SSLContext clientContext;

    private RedisTls(Path directory) throws IOException, GeneralSecurityException {
        this.directory = directory;
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Realtime test CA", "-ext", "bc:c");
        keytool("-genkeypair", "-alias", "server", "-dname", "CN=localhost");
        keytool("-certreq", "-alias", "server", "-file", "server.csr");
        keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                "server.csr",
                "-outfile",
                "server.der",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "eku=serverAuth,clientAuth");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(directory.resolve("keys.p12"))) {
            store.load(stored, PASSWORD.toCharArray());
        }
        writePem("ca.pem", "CERTIFICATE", store.getCertificate("ca").getEncoded());
        writePem("server.pem", "CERTIFICATE", Files.readAllBytes(directory.resolve("server.der")));
        writePem(
                "server-key.pem",
                "PRIVATE KEY",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
        clientContext = trustOnly(store.getCertificate("ca"));
    }

    /**
     * Makes a new authority and certificate.
     *
     * @param directory that exists; keys and certificates are written there
     */
    public static RedisTls create(Path directory) {
        try {
            return new RedisTls(directory);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** One that is made when it is first asked for and lives as long as this JVM. */
    public static RedisTls shared() {
        return SHARED.get();
    }

    private static RedisTls createInTemporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("redis-tls-");
            RedisTls made = create(directory);
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            return made;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Certificate of the authority: what a client has to trust. */
    public Path authority() {
        return directory.resolve("ca.pem");
    }

    /** Certificate of the server; good for a client, too. */
    public Path certificate() {
        return directory.resolve("server.pem");
    }

    /** Its private key, not encrypted, PKCS 8. */
    public Path privateKey() {
        return directory.resolve("server-key.pem");
    }

    /** For a client that trusts this authority and no other. */
    public SSLContext clientContext() {
        return clientContext;
    }

    /** Lines of {@code redis.conf} for a server that speaks nothing but TLS. */
    Map<String, String> serverSettings(int port) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("tls-port", Integer.toString(port));
        lines.put("tls-cert-file", certificate().toString());
        lines.put("tls-key-file", privateKey().toString());
        lines.put("tls-ca-cert-file", authority().toString());
        lines.put("tls-auth-clients", "no");
        lines.put("tls-replication", "yes");
        return lines;
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1"));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", PASSWORD));
        if (!arguments[0].equals("-certreq")) {
            command.addAll(List.of("-validity", "2", "-startdate", "-1d"));
        }
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        try {
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(
                        "keytool failed: " + Files.readString(directory.resolve("keytool.log")));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making a certificate", stopped);
        } finally {
            process.destroyForcibly();
        }
    }

    private void writePem(String file, String kind, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private static SSLContext trustOnly(Certificate authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
