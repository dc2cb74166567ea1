package dev.realtime.auth.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Writes tokens, good and bad, with the JDK alone: what is verified is not made by the code that verifies. */
public final class TokenForge {

    private TokenForge() {}

    /** A token signed with a secret by HS256. Headers and claims are JSON with single quotes. */
    public static String hs256(String secret, String claims) {
        return hmac("{'alg':'HS256','typ':'JWT'}", claims, "HmacSHA256", secret.getBytes(StandardCharsets.UTF_8));
    }

    /** A token signed with a secret by this algorithm of the JDK, whatever the header says. */
    public static String hmac(String header, String claims, String algorithm, byte[] secret) {
        String signed = unsigned(header, claims);
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token signed with a private key by this algorithm of the JDK, whatever the header says. */
    public static String signed(String header, String claims, String algorithm, PrivateKey key) {
        String signed = unsigned(header, claims);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Header and claims, without the last dot and signature. */
    public static String unsigned(String header, String claims) {
        return encoded(json(header)) + "." + encoded(json(claims));
    }

    public static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
