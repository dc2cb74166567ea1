package dev.realtime.autoconfigure.token;

import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import dev.realtime.auth.token.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A real web server on the loopback that publishes a key set, as well or badly as a test says. */
public final class KeySetServer implements AutoCloseable {

    private final HttpServer server;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final List<String> requests = new CopyOnWriteArrayList<>();

    private volatile int status = 200;

    private volatile byte[] body;

    private volatile CountDownLatch hanging = new CountDownLatch(0);

    KeySetServer(HttpServer server) {
        this.server = server;
        this.body = keySet("one");
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try (exchange) {
                hanging.await();
                byte[] sent = body;
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(status, sent.length);
                exchange.getResponseBody().write(sent);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (IOException clientLeft) {
                // It may, when the body is too long for it or comes too late.
            }
        });
        server.start();
    }

    public static KeySetServer start() throws IOException {
        return new KeySetServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    private static byte[] keySet(String... ids) {
        return Arrays.stream(ids)
                .map(id -> key(id, TestKeys.RSA))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String key(String id, KeyPair pair) {
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .keyID(id)
                .build()
                .toJSONString();
    }

    public URI address() {
        return address("http");
    }

    URI address(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Publishes the same public key under these ids. */
    void publish(String... ids) {
        body = keySet(ids);
    }

    void answer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /** Accepts requests from now on and does not answer them. */
    void hang() {
        hanging = new CountDownLatch(1);
    }

    /** Replies to all requests, also to those held back so far. */
    void recover(String... ids) {
        answer(200, keySet(ids));
        hanging.countDown();
    }

    List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        hanging.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
