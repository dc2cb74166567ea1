package dev.realtime.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Keys and self-signed certificates, made by the JDK's keytool in a directory of the test. */
record Certificates(Path directory) {

    static final String PASSWORD = "changeit";

    /** Makes a key with a certificate in a store of its own. */
    Path key(String name, String... extensions) throws IOException {
        Path store = directory.resolve(name + ".p12");
        List<String> options = new ArrayList<>(
                List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name + ",O=Example"));
        for (String extension : extensions) {
            options.addAll(List.of("-ext", extension));
        }
        keytool(store, options.toArray(String[]::new));
        return store;
    }

    /** Puts the certificates of keys into a store, which trusts them. */
    Path trusting(String name, Path... keys) throws IOException {
        Path store = directory.resolve(name + ".p12");
        for (Path key : keys) {
            String alias = key.getFileName().toString().replace(".p12", "");
            Path certificate = directory.resolve(alias + ".cer");
            if (!Files.exists(certificate)) {
                keytool(key, "-exportcert", "-alias", alias, "-file", certificate.toString());
            }
            keytool(store, "-importcert", "-noprompt", "-alias", alias, "-file", certificate.toString());
        }
        return store;
    }

    /** A client that trusts what is in one store and shows what is in the other. */
    static SSLContext client(Path trust, @Nullable Path key) throws IOException, GeneralSecurityException {
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(trust));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key == null ? null : load(key), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private static void keytool(Path store, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes());
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }
}
