package dev.realtime.conformance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Identity of a client in a token.
 *
 * @param info JSON that others see
 * @param channels the server is asked to subscribe the client to
 */
record Identity(String user, String info, String... channels) {

    private static final String SECRET = "a-secret-for-conformance-tests-only";

    /** A token that never ends. */
    String token() {
        return token("{\"sub\":\"%s\",\"info\":%s,\"channels\":%s}".formatted(user, info, channelList()));
    }

    /** A token with these claims. */
    static String token(String claims) {
        String signed = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has HmacSHA256", missing);
        }
    }

    private String channelList() {
        return Arrays.stream(channels).map(channel -> "\"" + channel + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
