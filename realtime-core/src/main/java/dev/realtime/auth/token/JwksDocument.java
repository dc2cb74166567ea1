package dev.realtime.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Public keys of a JSON Web Key Set (RFC 7517). Keys for something else than signatures, symmetric and weak ones and those
 * that cannot be read are left out, so that one bad key does not take the others along.
 *
 * @param keys in the order of the document
 */
record JwksDocument(List<Entry> keys) {

    /** Most keys of a document that count. */
    private static final int MAX_KEYS = 100;

    /** Most keys tried for a token that names none. */
    private static final int MAX_CANDIDATES = 10;

    private static final Logger logger = LoggerFactory.getLogger(JwksDocument.class);

    /** What stands before the 32 bytes of an Ed25519 key in its usual encoding (RFC 8410, 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** One key and its id, which is empty if it has none. */
    record Entry(String id, TokenKey key) {}

    /** @throws IllegalArgumentException if it is no key set */
    static JwksDocument parse(byte[] json) {
        if (json.length > JwksKeys.MAX_DOCUMENT_BYTES) {
            throw new IllegalArgumentException("it is larger than " + JwksKeys.MAX_DOCUMENT_BYTES + " bytes");
        }
        List<Entry> entries = new ArrayList<>();
        try {
            Map<String, Object> document =
                    JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8), JwksKeys.MAX_DOCUMENT_BYTES);
            Map<String, Object>[] keys = JSONObjectUtils.getJSONObjectArray(document, "keys");
            if (keys == null) {
                throw new IllegalArgumentException("it has no field `keys`");
            }
            for (Map<String, Object> key : keys) {
                Entry entry = entry(key);
                if (entry != null && entries.size() < MAX_KEYS) {
                    entries.add(entry);
                }
            }
        } catch (ParseException notJson) {
            throw new IllegalArgumentException("it is no JSON Web Key Set");
        }
        return new JwksDocument(List.copyOf(entries));
    }

    private static @Nullable Entry entry(Map<String, Object> json) {
        try {
            JWK jwk = JWK.parse(json);
            if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
                return null;
            }
            TokenKey key = key(jwk);
            if (key != null && jwk.getAlgorithm() != null) {
                key = key.only(jwk.getAlgorithm().getName());
            }
            return key == null ? null : new Entry(jwk.getKeyID() == null ? "" : jwk.getKeyID(), key);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            logger.debug("A key of the key set is left out, it cannot be used: {}", unusable.getMessage());
            return null;
        }
    }

    private static @Nullable TokenKey key(JWK jwk) throws JOSEException, GeneralSecurityException {
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

    /** Keys for the algorithm: those with the id, or some of all if the token names none. */
    List<TokenKey> find(String algorithm, String keyId) {
        return keys.stream()
                .filter(entry -> keyId.isEmpty() || entry.id().equals(keyId))
                .map(Entry::key)
                .filter(key -> key.algorithms().contains(algorithm))
                .limit(MAX_CANDIDATES)
                .toList();
    }
}
