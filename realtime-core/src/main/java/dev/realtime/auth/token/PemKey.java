package dev.realtime.auth.token;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Public keys in PEM (RFC 7468), as {@code PUBLIC KEY} or {@code CERTIFICATE}. Line breaks may be written as
 * {@code \n}, as in environment variables. Every refusal is an {@link IllegalArgumentException} with a sentence about
 * what the text is not; it holds nothing of the text.
 */
public final class PemKey {

    private static final Pattern BLOCK =
            Pattern.compile("\\s*-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");

    private PemKey() {}

    /** An RSA key. */
    public static TokenKey rsa(String pem) {
        if (publicKey("RSA", pem) instanceof RSAPublicKey rsa) {
            return TokenKey.rsa(rsa);
        }
        throw new IllegalArgumentException("It is the certificate of a key that is not RSA.");
    }

    /** A key on the curve P-256, P-384 or P-521. */
    public static TokenKey ecdsa(String pem) {
        if (publicKey("EC", pem) instanceof ECPublicKey ec) {
            return TokenKey.ecdsa(ec);
        }
        throw new IllegalArgumentException("It is the certificate of a key that is not EC.");
    }

    private static PublicKey publicKey(String algorithm, String pem) {
        Matcher block = BLOCK.matcher(pem.replace("\\n", "\n"));
        if (!block.matches()) {
            throw new IllegalArgumentException("It is not one block between BEGIN and END lines of PEM.");
        }
        String label = block.group(1);
        if (label.contains("PRIVATE")) {
            throw new IllegalArgumentException(
                    "It is a private key, which a server that verifies tokens must not have.");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return switch (label) {
                case "PUBLIC KEY" -> KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der))
                            .getPublicKey();
                default ->
                    throw new IllegalArgumentException(
                            "It is neither a PUBLIC KEY nor a CERTIFICATE block. `openssl pkey -pubin -pubout`"
                                    + " writes the former.");
            };
        } catch (GeneralSecurityException notThatKey) {
            throw new IllegalArgumentException("Its bytes are not a public key of type " + algorithm + ".");
        }
    }
}
