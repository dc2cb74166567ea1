package dev.realtime.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A key that verifies signatures. Its kind says with which algorithms, so that a token cannot choose one the key was
 * not made for (RFC 8725, 3.1). Safe for any number of threads.
 */
public final class TokenKey {

    /** Bytes below which a secret might be guessed: as many as SHA-256 gives (RFC 7518, 3.2). */
    public static final int RECOMMENDED_SECRET_BYTES = 32;

    /** Bits below which an RSA key can be broken (RFC 7518, 3.3). */
    public static final int MIN_RSA_BITS = 2048;

    /** Block of SHA-256. HMAC fills a shorter secret with zeros itself (RFC 2104, 2), so filled it means the same. */
    private static final int HMAC_BLOCK_BYTES = 64;

    @FunctionalInterface
    private interface Check {

        boolean passes(JWSObject token) throws JOSEException, GeneralSecurityException;
    }

    private final Set<String> algorithms;

    private final Check check;

    private TokenKey(Set<JWSAlgorithm> algorithms, Check check) {
        this.algorithms = algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.toUnmodifiableSet());
        this.check = check;
    }

    /**
     * A secret for HS256, HS384 and HS512.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static TokenKey hmac(byte[] secret) {
        try {
            return new TokenKey(
                    Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512),
                    verifiedBy(new MACVerifier(filled(secret))));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("The secret cannot be used for HMAC.", e);
        }
    }

    /** The secret in a length that the library takes. */
    static byte[] filled(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("A secret for HMAC must not be empty: anyone could sign with it.");
        }
        return Arrays.copyOf(secret, Math.max(secret.length, HMAC_BLOCK_BYTES));
    }

    /**
     * A public key for RS256, RS384 and RS512.
     *
     * @throws IllegalArgumentException if it has less than {@link #MIN_RSA_BITS}
     */
    public static TokenKey rsa(RSAPublicKey key) {
        if (key.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new IllegalArgumentException("An RSA key must have at least " + MIN_RSA_BITS + " bits, this one has "
                    + key.getModulus().bitLength() + ".");
        }
        return new TokenKey(
                Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512),
                verifiedBy(new RSASSAVerifier(key)));
    }

    /**
     * A public key for the one algorithm of its curve: ES256 (P-256), ES384 (P-384) or ES512 (P-521).
     *
     * @throws IllegalArgumentException if it is on another curve, or not on its curve
     */
    public static TokenKey ecdsa(ECPublicKey key) {
        try {
            ECDSAVerifier verifier = new ECDSAVerifier(key);
            Set<JWSAlgorithm> algorithms = verifier.supportedJWSAlgorithms();
            if (!Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512)
                    .containsAll(algorithms)) {
                throw new IllegalArgumentException("An EC key must be on the curve P-256, P-384 or P-521.");
            }
            return new TokenKey(algorithms, verifiedBy(verifier));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("An EC key must be on the curve P-256, P-384 or P-521.", e);
        }
    }

    /**
     * Returns a public key on the curve Ed25519, for EdDSA. Nimbus would need another library for it, the JDK does not.
     */
    static TokenKey ed25519(PublicKey key) {
        return new TokenKey(Set.of(JWSAlgorithm.EdDSA), token -> {
            Signature verification = Signature.getInstance("Ed25519");
            verification.initVerify(key);
            verification.update(token.getSigningInput());
            return verification.verify(token.getSignature().decode());
        });
    }

    private static Check verifiedBy(JWSVerifier verifier) {
        return token -> verifier.verify(token.getHeader(), token.getSigningInput(), token.getSignature());
    }

    /** Returns whether verifying with it costs much more than a hash of the token: not with a shared secret. */
    boolean isExpensive() {
        return algorithms.stream().noneMatch(name -> name.startsWith("HS"));
    }

    /** This key for one of its algorithms alone. */
    TokenKey only(String algorithm) {
        return new TokenKey(algorithms.contains(algorithm) ? Set.of(JWSAlgorithm.parse(algorithm)) : Set.of(), check);
    }

    /** Names of the algorithms it is for. */
    public Set<String> algorithms() {
        return algorithms;
    }

    /** Returns whether the token was signed with the counterpart of this key, by one of its algorithms. */
    public boolean verifies(CompactToken token) {
        if (!algorithms.contains(token.algorithm())) {
            return false;
        }
        try {
            return check.passes(token.object());
        } catch (JOSEException | GeneralSecurityException unusableSignature) {
            return false;
        }
    }

    /** Names the algorithms only. */
    @Override
    public String toString() {
        return "TokenKey" + algorithms;
    }
}
