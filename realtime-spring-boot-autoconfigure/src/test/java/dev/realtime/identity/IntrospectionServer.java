package dev.realtime.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real introspection endpoint (RFC 7662) of an authorization server, on the loopback. */
final class IntrospectionServer implements AutoCloseable {

    static final String CLIENT = "realtime";

    static final String SECRET = "secret-of-the-resource-server";

    private final HttpServer server;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private final CountDownLatch closed = new CountDownLatch(1);

    IntrospectionServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/introspect", this::introspect);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/introspect";
    }

    /**
     * Knows a token from now on, with the members of its answer beside {@code active}, such as {@code 'sub':'alice'}.
     */
    String issue(String token, String members) {
        tokens.put(token, "{\"active\":true," + members.replace('\'', '"') + "}");
        return token;
    }

    void revoke(String token) {
        tokens.remove(token);
    }

    private void introspect(HttpExchange exchange) throws IOException {
        try (exchange) {
            String credentials = "Basic "
                    + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String token = URLDecoder.decode(form.replaceFirst("^token=", ""), StandardCharsets.UTF_8);
            if (!credentials.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (token.equals("broken")) {
                exchange.sendResponseHeaders(500, -1);
            } else {
                if (token.equals("hanging")) {
                    closed.await();
                }
                byte[] answer = tokens.getOrDefault(token, "{\"active\":false}").getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
