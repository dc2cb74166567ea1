package dev.realtime.auth.token;

import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.json.JsonField;
import dev.realtime.protocol.json.JsonInput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A signed token in its compact form (RFC 7515, 7.1), taken apart and not yet trusted in anything.
 *
 * <p>There is one way to write a token: three parts in base64url without padding and stray bits, a header whose names are
 * unique. Of the header two fields are read, {@code alg} and {@code kid}; none ever becomes an address or a file name.
 * {@code crit} is refused (RFC 7515, 4.1.11): it lists extensions that must be understood, and none are. Places to take a
 * key from ({@code jku}, {@code jwk}, {@code x5u}, {@code x5c}) are not looked at.
 */
public final class CompactToken {

    /** Longest header in bytes. Those of real tokens take about a hundred. */
    private static final int MAX_HEADER_BYTES = 4096;

    private static final int MAX_KEY_ID_LENGTH = 256;

    private static final JsonField HEADER = JsonField.of("header");

    private static final JsonField ALGORITHM = JsonField.of("alg");

    private static final JsonField KEY_ID = JsonField.of("kid");

    private final String text;

    private final int signatureFrom;

    private final byte[] payload;

    private final byte[] signature;

    private String algorithm = "";

    private String keyId = "";

    private CompactToken(String text, int headerTo, int payloadTo) {
        this.text = text;
        this.signatureFrom = payloadTo + 1;
        byte[] header = decode(text.substring(0, headerTo));
        if (header.length > MAX_HEADER_BYTES) {
            throw new InvalidTokenException("has a header longer than " + MAX_HEADER_BYTES + " bytes");
        }
        this.payload = decode(text.substring(headerTo + 1, payloadTo));
        this.signature = decode(text.substring(signatureFrom));
        try {
            readHeader(new JsonInput(header, ProtocolLimits.DEFAULTS), header.length);
        } catch (MalformedFrameException e) {
            throw new InvalidTokenException("has a header that breaks a rule: " + e.getMessage());
        }
    }

    /**
     * Takes a token apart.
     *
     * @param maxLength longest token in characters
     * @throws InvalidTokenException if it is not three parts as described above
     */
    public static CompactToken parse(String token, int maxLength) {
        if (token.length() > maxLength) {
            throw new InvalidTokenException("is longer than " + maxLength + " characters");
        }
        int headerTo = token.indexOf('.');
        int payloadTo = token.indexOf('.', headerTo + 1);
        if (headerTo < 0 || payloadTo < 0 || token.indexOf('.', payloadTo + 1) >= 0) {
            throw new InvalidTokenException("does not have three parts");
        }
        return new CompactToken(token, headerTo, payloadTo);
    }

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
            // Said below.
        }
        throw new InvalidTokenException("has a part that is not base64url without padding");
    }

    private void readHeader(JsonInput input, int length) throws MalformedFrameException {
        input.moveTo(0, length);
        JsonObjects.read(input, HEADER, name -> {
            switch (name) {
                case "alg" -> algorithm = input.string(ALGORITHM);
                case "kid" -> keyId = input.string(KEY_ID);
                case "crit" -> throw new InvalidTokenException("has critical extensions, and none are known");
                default -> input.skipValue();
            }
        });
        JsonObjects.expectEnd(input);
        if (keyId.length() > MAX_KEY_ID_LENGTH) {
            throw new InvalidTokenException("has a key id longer than " + MAX_KEY_ID_LENGTH + " characters");
        }
    }

    /** The whole token. Whoever has it can use it: never log it. */
    public String text() {
        return text;
    }

    /** Value of {@code alg}, empty if there is none. */
    public String algorithm() {
        return algorithm;
    }

    /** Value of {@code kid}, empty if there is none. */
    public String keyId() {
        return keyId;
    }

    /** What it claims, as it was sent. */
    byte[] payload() {
        return payload;
    }

    /** What was signed. */
    byte[] signedBytes() {
        return text.substring(0, signatureFrom - 1).getBytes(StandardCharsets.US_ASCII);
    }

    byte[] signature() {
        return Arrays.copyOf(signature, signature.length);
    }

    /** Names the size only: tokens are never logged. */
    @Override
    public String toString() {
        return "CompactToken[" + text.length() + " characters]";
    }
}
