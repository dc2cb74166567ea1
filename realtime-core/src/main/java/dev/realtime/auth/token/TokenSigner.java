package dev.realtime.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Base64;

/** Signs tokens with one key, by HS256, RS256 or the algorithm of its curve. Safe for any number of threads. */
public final class TokenSigner {

    private final JWSHeader header;

    private final JWSSigner signer;

    private TokenSigner(JWSAlgorithm algorithm, String keyId, JWSSigner signer) {
        JWSHeader.Builder builder = new JWSHeader.Builder(algorithm);
        this.header = keyId.isEmpty() ? builder.build() : builder.keyID(keyId).build();
        this.signer = signer;
    }

    /**
     * Signs with a secret that is also used for verification.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static TokenSigner hmac(byte[] secret) {
        try {
            return new TokenSigner(JWSAlgorithm.HS256, "", new MACSigner(TokenKey.filled(secret)));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("The secret cannot be used for HMAC.", e);
        }
    }

    /**
     * Signs with a private key.
     *
     * @param keyId written into tokens, so that verifiers find the public key in a set; empty to leave it out
     * @throws IllegalArgumentException if the key is too short
     */
    public static TokenSigner rsa(RSAPrivateKey key, String keyId) {
        return new TokenSigner(JWSAlgorithm.RS256, keyId, new RSASSASigner(key));
    }

    /**
     * Signs with a private key on the curve P-256, P-384 or P-521.
     *
     * @param keyId written into tokens, so that verifiers find the public key in a set; empty to leave it out
     * @throws IllegalArgumentException if it is on another curve
     */
    public static TokenSigner ecdsa(ECPrivateKey key, String keyId) {
        try {
            ECDSASigner signer = new ECDSASigner(key);
            return new TokenSigner(signer.supportedECDSAAlgorithm(), keyId, signer);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("An EC key must be on the curve P-256, P-384 or P-521.", e);
        }
    }

    /** The token with these claims. */
    public String sign(byte[] claims) {
        String signed = header.toBase64URL() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims);
        try {
            return signed + "." + signer.sign(header, signed.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException("The token could not be signed with " + header.getAlgorithm() + ".", e);
        }
    }

    /** Names the algorithm only. */
    @Override
    public String toString() {
        return "TokenSigner[" + header.getAlgorithm() + "]";
    }
}
