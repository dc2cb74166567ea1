package dev.realtime.httpapi.field;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.Payload;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Data of a request, as JSON or as base64. Base64 takes precedence.
 *
 * @param json any JSON value, byte for byte; {@code null} if absent
 * @param base64 standard base64 with padding; empty if absent
 */
public record RequestData(@Nullable Payload json, String base64) {

    public static final RequestData ABSENT = new RequestData(null, "");

    public RequestData withJson(Payload json) {
        return new RequestData(json, base64);
    }

    public RequestData withBase64(String base64) {
        return new RequestData(json, base64);
    }

    /**
     * Returns the data, empty if absent.
     *
     * @throws RealtimeException with error 107 if it is not valid base64
     */
    public Payload payload() {
        Payload payload = payloadOrNull();
        return payload == null ? Payload.empty() : payload;
    }

    /** Returns the data, or {@code null} if absent. */
    @Nullable
    public Payload payloadOrNull() {
        return base64.isEmpty() ? json : Payload.of(decode());
    }

    private byte[] decode() {
        // Java's decoder accepts missing padding, Centrifugo does not.
        if (base64.length() % 4 == 0) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException noBase64) {
                // Refused below.
            }
        }
        throw new RealtimeException(
                ClientError.BAD_REQUEST,
                "The data is not valid base64. Encode it with the standard alphabet and padding (RFC 4648, section"
                        + " 4).");
    }
}
