package dev.realtime.auth.token;

import com.nimbusds.jose.JWSObject;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.ProtocolLimits;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * Signed token in its compact form (RFC 7515, section 7.1), parsed and not yet verified.
 *
 * <p>Nimbus parses it. In front of Nimbus is a check that is stricter than any JOSE library, so that a token has one
 * spelling and one meaning:
 *
 * <ol>
 *   <li>three parts, each in base64url without padding, foreign characters and stray bits;
 *   <li>a header of at most {@link #MAX_HEADER_BYTES} bytes whose names are unique, with a text for {@code alg} and a
 *       text of at most {@link #MAX_KEY_ID_LENGTH} characters for {@code kid};
 *   <li>neither {@code crit} (RFC 7515, section 4.1.11), since no extension is known, nor {@code b64} (RFC 7797), which
 *       changes what is signed.
 * </ol>
 *
 * <p>Nothing of a token becomes an address or a file name: the places of keys in a header ({@code jku}, {@code jwk},
 * {@code x5u}, {@code x5c}) are not used.
 */
public final class CompactToken {

    /** Longest header in bytes. Those of real tokens take about a hundred. */
    private static final int MAX_HEADER_BYTES = 4096;

    private static final int MAX_KEY_ID_LENGTH = 256;

    private static final JsonField HEADER = JsonField.of("header");

    private final String text;

    private final JWSObject object;

    private CompactToken(String text) {
        this.text = text;
        try {
            this.object = JWSObject.parse(text);
        } catch (ParseException | IllegalArgumentException | IllegalStateException malformed) {
            throw new InvalidTokenException("has a header that does not belong to a signed token");
        }
    }

    /**
     * Parses a token.
     *
     * @param token the text that the client sent
     * @param maxLength length of the longest token in characters
     * @return the token, not verified
     * @throws InvalidTokenException if it has not the form described above
     */
    public static CompactToken parse(String token, int maxLength) {
        if (token.length() > maxLength) {
            throw new InvalidTokenException("is longer than " + maxLength + " characters");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new InvalidTokenException("does not have three parts");
        }
        checkHeader(decode(parts[0]));
        decode(parts[1]);
        decode(parts[2]);
        return new CompactToken(token);
    }

    /** Decodes a part and refuses each spelling but the canonical one. */
    private static byte[] decode(String part) {
        if (part.isEmpty()) {
            throw new InvalidTokenException("has an empty part");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // Refused below.
        }
        throw new InvalidTokenException("has a part that is not base64url without padding");
    }

    private static void checkHeader(byte[] header) {
        if (header.length > MAX_HEADER_BYTES) {
            throw new InvalidTokenException("has a header longer than " + MAX_HEADER_BYTES + " bytes");
        }
        JsonInput input = ProtocolLimits.DEFAULTS.jsonInput(header);
        input.moveTo(0, header.length);
        Set<String> texts = new HashSet<>();
        try {
            JsonObjects.read(input, HEADER, name -> {
                switch (name) {
                    case "alg" -> {
                        input.string(HEADER);
                        texts.add(name);
                    }
                    case "kid" -> checkKeyId(input.string(HEADER));
                    case "crit", "b64" ->
                        throw new InvalidTokenException("has critical extensions, and none are supported");
                    default -> input.skipValue();
                }
            });
            JsonObjects.expectEnd(input);
        } catch (MalformedJsonException e) {
            throw new InvalidTokenException("has a header that breaks a rule: " + e.getMessage());
        }
        if (!texts.contains("alg")) {
            throw new InvalidTokenException("has a header without `alg`");
        }
    }

    private static void checkKeyId(String keyId) {
        if (keyId.length() > MAX_KEY_ID_LENGTH) {
            throw new InvalidTokenException("has a key id longer than " + MAX_KEY_ID_LENGTH + " characters");
        }
    }

    /**
     * Returns the whole token. Its holder can use it, so never log it.
     *
     * @return the text that the client sent
     */
    public String text() {
        return text;
    }

    /**
     * Returns the algorithm that the token names.
     *
     * @return value of {@code alg}
     */
    public String algorithm() {
        return object.getHeader().getAlgorithm().getName();
    }

    /**
     * Returns the id of the key that the token names.
     *
     * @return value of {@code kid}, empty if there is none
     */
    public String keyId() {
        String keyId = object.getHeader().getKeyID();
        return keyId == null ? "" : keyId;
    }

    /** Returns the claims as they were sent. */
    byte[] payload() {
        return object.getPayload().toBytes();
    }

    /** Returns what Nimbus parsed, for the verification of the signature. */
    JWSObject object() {
        return object;
    }

    /** Returns the size only: tokens are never logged. */
    @Override
    public String toString() {
        return "CompactToken[" + text.length() + " characters]";
    }
}
