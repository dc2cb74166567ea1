package dev.realtime.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Public keys of a JSON Web Key Set (RFC 7517), parsed by Nimbus key by key. Keys for something else than signatures,
 * symmetric keys, weak keys and those that cannot be parsed are left out, so that one bad key does not make the others
 * useless. Immutable.
 */
public final class TokenKeySet {

    /** Size of the largest document in bytes; one key takes about 500. */
    public static final int MAX_DOCUMENT_BYTES = 262_144;

    /** Algorithms that keys of a set are used for. */
    public static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA");

    /** Number of keys of a document that are used. */
    private static final int MAX_KEYS = 100;

    /** Number of keys that are tried for a token that names none. */
    private static final int MAX_CANDIDATES = 10;

    private static final Logger logger = LoggerFactory.getLogger(TokenKeySet.class);

    /** What precedes the 32 bytes of an Ed25519 key in its usual encoding (RFC 8410, section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** One key and its id, which is empty if it has none. */
    private record Entry(String id, TokenKey key) {}

    private final JWKSet keySet;

    private final List<Entry> entries;

    private TokenKeySet(List<JWK> keys) {
        List<JWK> used = new ArrayList<>();
        List<Entry> usable = new ArrayList<>();
        for (JWK jwk : keys) {
            TokenKey key = usable.size() < MAX_KEYS ? key(jwk) : null;
            if (key != null) {
                used.add(jwk);
                usable.add(new Entry(jwk.getKeyID() == null ? "" : jwk.getKeyID(), key));
            }
        }
        this.keySet = new JWKSet(used);
        this.entries = List.copyOf(usable);
    }

    /**
     * Parses a key set.
     *
     * @param json the document, of at most {@link #MAX_DOCUMENT_BYTES} bytes
     * @return its usable keys, possibly none
     * @throws IllegalArgumentException if it is not a key set; the message is the end of a sentence that begins with
     *     "it"
     */
    public static TokenKeySet parse(String json) {
        List<JWK> keys = new ArrayList<>();
        try {
            Map<String, Object> document = JSONObjectUtils.parse(json, MAX_DOCUMENT_BYTES);
            Map<String, Object>[] members = JSONObjectUtils.getJSONObjectArray(document, "keys");
            if (members == null) {
                throw new IllegalArgumentException("has no field `keys`");
            }
            for (Map<String, Object> member : members) {
                JWK key = jwk(member);
                if (key != null) {
                    keys.add(key);
                }
            }
        } catch (ParseException notJson) {
            throw new IllegalArgumentException("is not a JSON Web Key Set of at most " + MAX_DOCUMENT_BYTES + " bytes");
        }
        return new TokenKeySet(keys);
    }

    private static @Nullable JWK jwk(Map<String, Object> json) {
        try {
            return JWK.parse(json);
        } catch (ParseException | IllegalArgumentException unusable) {
            logger.debug("A key of the key set is ignored because it cannot be parsed: {}", unusable.getMessage());
            return null;
        }
    }

    private static @Nullable TokenKey key(JWK jwk) {
        if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
            return null;
        }
        try {
            TokenKey key = publicKey(jwk);
            return key == null || jwk.getAlgorithm() == null
                    ? key
                    : key.only(jwk.getAlgorithm().getName());
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            logger.debug("A key of the key set is ignored because it cannot be used: {}", unusable.getMessage());
            return null;
        }
    }

    private static @Nullable TokenKey publicKey(JWK jwk) throws JOSEException, GeneralSecurityException {
        if (jwk instanceof RSAKey rsa) {
            return TokenKey.rsa(rsa.toRSAPublicKey());
        } else if (jwk instanceof ECKey ec) {
            return TokenKey.ecdsa(ec.toECPublicKey());
        } else if (jwk instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
            return TokenKey.ed25519(ed25519(pair.getDecodedX()));
        }
        return null;
    }

    private static PublicKey ed25519(byte[] x) throws GeneralSecurityException {
        if (x.length != 32) {
            throw new IllegalArgumentException("a key on Ed25519 must have 32 bytes");
        }
        byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /**
     * Returns the keys that may have signed a token: those with the id, or some of all if the token names none.
     *
     * @param algorithm that the token names
     * @param keyId that the token names; empty if it names none
     * @return at most {@value #MAX_CANDIDATES} keys, possibly none
     */
    public List<TokenKey> find(String algorithm, String keyId) {
        return entries.stream()
                .filter(entry -> keyId.isEmpty() || entry.id().equals(keyId))
                .map(Entry::key)
                .filter(key -> key.algorithms().contains(algorithm))
                .limit(MAX_CANDIDATES)
                .toList();
    }

    /**
     * Returns the number of usable keys.
     *
     * @return zero if there are none
     */
    public int size() {
        return entries.size();
    }

    /**
     * Returns the usable keys in the form that sources of Nimbus work with.
     *
     * @return always the same object
     */
    public JWKSet keySet() {
        return keySet;
    }
}
