package dev.realtime.auth.token;

import static dev.realtime.auth.token.TokenForge.encoded;
import static dev.realtime.auth.token.TokenForge.hmac;
import static dev.realtime.auth.token.TokenForge.hs256;
import static dev.realtime.auth.token.TokenForge.signed;
import static dev.realtime.auth.token.TokenForge.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * The classic attacks on JWT, against a server with an HMAC secret, an RSA and an EC key and a rule for issuer and
 * audience. Each gets 3500 and nothing else. That none of them makes the server send a request is the architecture's
 * rule (this room has no network) and a test of the auto-configuration.
 */
class TokenAttackTests {

    private static final String SECRET = "a secret of more than thirty-two bytes";

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private static final String CLAIMS = "{'sub':'alice','iss':'us','aud':'realtime','exp':" + (NOW + 60) + "}";

    private static final String HS256 = "{'alg':'HS256'}";

    private static final byte[] RSA_PEM =
            TestKeys.pem("PUBLIC KEY", TestKeys.RSA.getPublic()).getBytes(StandardCharsets.US_ASCII);

    private static ScriptedServer server() {
        SignatureVerifier signatures = SignatureVerifier.of(KeySource.of(List.of(
                TokenKey.hmac(SECRET.getBytes(StandardCharsets.UTF_8)),
                TokenKey.rsa((RSAPublicKey) TestKeys.RSA.getPublic()),
                TokenKey.ecdsa((ECPublicKey) TestKeys.P256.getPublic()))));
        TokenRules rules = TokenRules.DEFAULTS
                .withIssuer(TokenRules.Match.of("us"))
                .withAudience(TokenRules.Match.of("realtime"))
                .requiringExpiration();
        return ScriptedServer.setup()
                .namespace("chat", options -> options)
                .tokens(clock -> new JwtAuthenticator(signatures, rules, JwtAuthenticator.Settings.DEFAULTS, clock))
                .start();
    }

    private static String claims(String more) {
        return CLAIMS.replace("}", "," + more + "}");
    }

    private static String withKey(String headerFields) {
        return hmac("{'alg':'HS256'," + headerFields + "}", CLAIMS, "HmacSHA256", "the attacker's".getBytes());
    }

    static Stream<Arguments> attacks() {
        String good = hs256(SECRET, CLAIMS);
        String signature = good.substring(good.lastIndexOf('.') + 1);
        Map<String, String> attacks = new LinkedHashMap<>();
        for (String none : List.of("none", "None", "nOnE", "NONE", "")) {
            attacks.put("alg '" + none + "', no signature", unsigned("{'alg':'" + none + "'}", CLAIMS) + ".");
            attacks.put(
                    "alg '" + none + "', a signature", unsigned("{'alg':'" + none + "'}", CLAIMS) + "." + signature);
        }
        attacks.put("no alg", unsigned("{}", CLAIMS) + "." + signature);
        attacks.put("alg null", unsigned("{'alg':null}", CLAIMS) + "." + signature);
        attacks.put("alg a number", unsigned("{'alg':256}", CLAIMS) + "." + signature);
        attacks.put("alg in lower case", hmac("{'alg':'hs256'}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put("HS256 with the RSA key as PEM for a secret", hmac(HS256, CLAIMS, "HmacSHA256", RSA_PEM));
        attacks.put(
                "HS256 with the RSA key as DER for a secret",
                hmac(HS256, CLAIMS, "HmacSHA256", TestKeys.RSA.getPublic().getEncoded()));
        attacks.put("HS256 with zero bytes for a secret", hmac(HS256, CLAIMS, "HmacSHA256", new byte[64]));
        attacks.put(
                "HS512 header over an HS256 signature",
                hmac("{'alg':'HS512'}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put(
                "RS256 header over an HS256 signature",
                hmac("{'alg':'RS256'}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put(
                "RS256 by another key",
                signed("{'alg':'RS256'}", CLAIMS, "SHA256withRSA", TestKeys.OTHER_RSA.getPrivate()));
        attacks.put(
                "RS384 header over an RS256 signature",
                signed("{'alg':'RS384'}", CLAIMS, "SHA256withRSA", TestKeys.RSA.getPrivate()));
        attacks.put("PS256, which is for no key here", unsigned("{'alg':'PS256'}", CLAIMS) + "." + signature);
        attacks.put(
                "ES256 with a signature of zeros", unsigned("{'alg':'ES256'}", CLAIMS) + "." + encoded(new byte[64]));
        attacks.put(
                "ES256 with an empty DER signature",
                unsigned("{'alg':'ES256'}", CLAIMS) + "." + encoded(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}));
        attacks.put(
                "ES384 header over another curve's signature",
                signed("{'alg':'ES384'}", CLAIMS, "SHA256withECDSAinP1363Format", TestKeys.P256.getPrivate()));
        attacks.put(
                "EdDSA without such a key",
                signed("{'alg':'EdDSA'}", CLAIMS, "Ed25519", TestKeys.ED25519.getPrivate()));
        attacks.put("empty signature", good.substring(0, good.lastIndexOf('.') + 1));
        attacks.put("signature cut short", good.substring(0, good.length() - 4));
        attacks.put("signature with a stray bit", good.substring(0, good.length() - 1) + flipped(good));
        attacks.put("claims of another token", unsigned(HS256, claims("'admin':true")) + "." + signature);
        attacks.put("two dots more", good + "..");
        attacks.put("one dot more", good + ".x");
        attacks.put("five parts, as if encrypted", good + "." + good.replace(".", ""));
        attacks.put("one part", "token");
        attacks.put("padding", good + "=");
        attacks.put("standard base64 in place of base64url", good.replace(signature, signature + "+/"));
        attacks.put("white space", good + " ");
        attacks.put("line break inside", good.replaceFirst("\\.", ".\\\\n"));
        attacks.put("kid of 10 KB", withKey("'kid':'" + "k".repeat(10_240) + "'"));
        attacks.put("kid that is a path", withKey("'kid':'../../../../dev/null'"));
        attacks.put(
                "kid that is a query",
                withKey("'kid':'x\\\\' UNION SELECT \\\\'the attacker\\\\''".replace("\\\\'", "")));
        attacks.put("kid that is an address", withKey("'kid':'http://127.0.0.1:9/keys'"));
        attacks.put("kid that is no text", withKey("'kid':{'a':1}"));
        attacks.put("jku", withKey("'jku':'http://127.0.0.1:9/keys'"));
        attacks.put("x5u", withKey("'x5u':'http://127.0.0.1:9/chain'"));
        attacks.put("jwk", withKey("'jwk':{'kty':'oct','k':'dGhlIGF0dGFja2VyJ3M'}"));
        attacks.put(
                "crit, though well signed",
                hmac("{'alg':'HS256','crit':['exp']}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put(
                "crit b64, though well signed",
                hmac("{'alg':'HS256','b64':true,'crit':['b64']}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put(
                "b64 without crit, though well signed",
                hmac("{'alg':'HS256','b64':false}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put(
                "alg twice, though well signed",
                hmac("{'alg':'none','alg':'HS256'}", CLAIMS, "HmacSHA256", SECRET.getBytes()));
        attacks.put("sub twice", hs256(SECRET, claims("'sub':'bob'")));
        attacks.put("sub twice, once with an escape", hs256(SECRET, claims("'\\u0073ub':'bob'")));
        attacks.put("exp twice", hs256(SECRET, claims("'exp':" + (NOW + 9999))));
        attacks.put("subs of one channel twice", hs256(SECRET, claims("'subs':{'chat:a':{},'chat:a':{}}")));
        attacks.put("exp as text", hs256(SECRET, CLAIMS.replace("'exp':" + (NOW + 60), "'exp':'" + (NOW + 60) + "'")));
        attacks.put("exp beyond all time", hs256(SECRET, CLAIMS.replace("'exp':" + (NOW + 60), "'exp':1e99")));
        attacks.put(
                "exp that takes long to calculate",
                hs256(SECRET, CLAIMS.replace("'exp':" + (NOW + 60), "'exp':1e999999999")));
        attacks.put(
                "exp of many digits",
                hs256(SECRET, CLAIMS.replace("'exp':" + (NOW + 60), "'exp':" + "9".repeat(5000))));
        attacks.put("exp true", hs256(SECRET, CLAIMS.replace("'exp':" + (NOW + 60), "'exp':true")));
        attacks.put("exp null", hs256(SECRET, CLAIMS.replace("'exp':" + (NOW + 60), "'exp':null")));
        attacks.put("no exp", hs256(SECRET, "{'sub':'alice','iss':'us','aud':'realtime'}"));
        attacks.put("nbf as text", hs256(SECRET, claims("'nbf':'now'")));
        attacks.put("other issuer", hs256(SECRET, CLAIMS.replace("'us'", "'US'")));
        attacks.put("other audience", hs256(SECRET, CLAIMS.replace("'realtime'", "['real','time']")));
        attacks.put("sub a number", hs256(SECRET, CLAIMS.replace("'alice'", "7")));
        attacks.put("sub an object", hs256(SECRET, CLAIMS.replace("'alice'", "{'a':1}")));
        attacks.put("sub an array", hs256(SECRET, CLAIMS.replace("'alice'", "['alice']")));
        attacks.put("token of a subscription", hs256(SECRET, claims("'channel':'chat:a'")));
        attacks.put("channels that are no text", hs256(SECRET, claims("'channels':[1]")));
        attacks.put(
                "thousands of channels",
                hs256(
                        SECRET,
                        claims("'channels':['chat:"
                                + String.join(
                                        "','chat:",
                                        IntStream.range(0, 3_000)
                                                .mapToObj(Integer::toString)
                                                .toList())
                                + "']")));
        attacks.put("60 KB", hs256(SECRET, claims("'x':'" + "x".repeat(45_000) + "'")));
        attacks.put("nested 1000 deep", hs256(SECRET, claims("'x':" + "[".repeat(1000) + "]".repeat(1000))));
        attacks.put("b64info that is no base64", hs256(SECRET, claims("'b64info':'*'")));
        attacks.put("claims that are an array", hs256(SECRET, "[]"));
        attacks.put("claims that are null", hs256(SECRET, "null"));
        attacks.put("claims that are no JSON", hs256(SECRET, "{'sub':'alice'"));
        attacks.put("claims with something after them", hs256(SECRET, CLAIMS + CLAIMS));
        return attacks.entrySet().stream().map(attack -> Arguments.of(attack.getKey(), attack.getValue()));
    }

    /** The last character with its lowest bit changed, which 256 bits of signature leave unused. */
    private static char flipped(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) ^ 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void attackIsAnInvalidTokenAndNothingOfItIsLogged(String name, String token) {
        Logger root = (Logger) LoggerFactory.getLogger("dev.realtime");
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        try (ScriptedServer server = server()) {
            ScriptedClient client = server.client();

            client.send("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");

            assertThat(client.heard()).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .as("the reason is there for operators")
                .anyMatch(line -> line.contains("the connection token "))
                .noneMatch(line ->
                        Stream.of(token.split("\\.")).anyMatch(part -> part.length() > 12 && line.contains(part)));
    }

    @Test
    void tokenThatTheAttacksAreMadeOfIsGood() {
        try (ScriptedServer server = server()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'" + hs256(SECRET, CLAIMS) + "'}}"))
                    .singleElement()
                    .asString()
                    .contains("'ttl':60");
        }
    }
}
