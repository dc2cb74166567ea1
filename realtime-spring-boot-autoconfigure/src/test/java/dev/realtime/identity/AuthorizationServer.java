package dev.realtime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OpenID provider: discovery, authorization code, tokens, keys and user info over HTTP. It asks for
 * no password: every visitor is the user that the test named last.
 */
final class AuthorizationServer implements AutoCloseable {

    static final String CLIENT = "chat";

    static final String CLIENT_SECRET = "secret of the chat";

    private final HttpServer server;

    private final RSAKey key;

    /** Nonces of the codes that were given out and not used yet. */
    private final Map<String, String> codes = new ConcurrentHashMap<>();

    private volatile String user = "";

    private AuthorizationServer(HttpServer server, RSAKey key) {
        this.server = server;
        this.key = key;
    }

    static AuthorizationServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
            AuthorizationServer started = new AuthorizationServer(server, key);
            server.createContext("/.well-known/openid-configuration", started::configuration);
            server.createContext("/authorize", started::authorize);
            server.createContext("/token", started::token);
            server.createContext("/userinfo", started::userInfo);
            server.createContext("/jwks", started::keys);
            server.start();
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    String issuer() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Names the user that is logged in there from now on. */
    void loggedIn(String user) {
        this.user = user;
    }

    private void configuration(HttpExchange exchange) throws IOException {
        reply(
                exchange,
                200,
                Map.of(
                        "issuer",
                        issuer(),
                        "authorization_endpoint",
                        issuer() + "/authorize",
                        "token_endpoint",
                        issuer() + "/token",
                        "userinfo_endpoint",
                        issuer() + "/userinfo",
                        "jwks_uri",
                        issuer() + "/jwks",
                        "response_types_supported",
                        new String[] {"code"},
                        "subject_types_supported",
                        new String[] {"public"},
                        "scopes_supported",
                        new String[] {"openid", "profile"},
                        "id_token_signing_alg_values_supported",
                        new String[] {"RS256"}));
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = fields(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, asked.getOrDefault("nonce", ""));
        exchange.getResponseHeaders()
                .add("Location", asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String nonce = codes.remove(fields(body).getOrDefault("code", ""));
        if (nonce == null || !isTheClient(exchange)) {
            reply(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        reply(
                exchange,
                200,
                Map.of(
                        "access_token",
                        "access of " + user,
                        "token_type",
                        "Bearer",
                        "expires_in",
                        60,
                        "scope",
                        "openid profile",
                        "id_token",
                        idToken(nonce)));
    }

    private static boolean isTheClient(HttpExchange exchange) {
        String credentials = URLDecoder.decode(
                new String(
                        Base64.getDecoder()
                                .decode(exchange.getRequestHeaders()
                                        .getFirst("Authorization")
                                        .substring("Basic ".length())),
                        StandardCharsets.UTF_8),
                StandardCharsets.UTF_8);
        return credentials.equals(CLIENT + ":" + CLIENT_SECRET);
    }

    private String idToken(String nonce) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .subject("248289761001")
                .audience(CLIENT)
                .claim("nonce", nonce)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
        return token.serialize();
    }

    private void userInfo(HttpExchange exchange) throws IOException {
        boolean known =
                ("Bearer access of " + user).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        reply(exchange, known ? 200 : 401, Map.of("sub", "248289761001", "preferred_username", user));
    }

    private void keys(HttpExchange exchange) throws IOException {
        reply(exchange, 200, new JWKSet(key.toPublicJWK()).toJSONObject());
    }

    private static Map<String, String> fields(String form) {
        return Arrays.stream(form.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static void reply(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] json = JsonMapper.shared().writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
