package dev.realtime.web;

import java.util.Base64;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Rules of the opening handshake (RFC 6455 section 4.2): origin, versions, key, extensions and the limits of the node.
 *
 * <p>Every server upgrades the requests that pass here. A request to which a server would reply with 101 without
 * calling the endpoint is refused before.
 */
public final class OpeningHandshake {

    private static final int KEY_BYTES = 16;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++[ \\t]*+";

    /** One extension with its parameters (RFC 6455 section 9.1). */
    private static final Pattern EXTENSION = Pattern.compile(
            "[ \\t]*+TOKEN(?:;[ \\t]*+TOKEN(?:=[ \\t]*+(?:TOKEN|\"TOKEN\"[ \\t]*+))?)*+".replace("TOKEN", TOKEN));

    private final OriginRule originRule;

    private final BooleanSupplier admission;

    /** @param admission whether the node accepts another client now; checked last */
    public OpeningHandshake(OriginRule originRule, BooleanSupplier admission) {
        this.originRule = originRule;
        this.admission = admission;
    }

    /** Returns why a request is refused; {@code null} if it is a handshake that the server may accept. */
    public @Nullable HandshakeRefusal refusal(HandshakeRequest request) {
        boolean connect = request.isConnect();
        if (!connect && !"GET".equals(request.method())) {
            return new HandshakeRefusal(405, "Request method '" + request.method() + "' is not supported.");
        }
        if (request.httpVersion().equals("HTTP/1.0")) {
            return HandshakeRefusal.badRequest("The version of HTTP must be 1.1 or higher");
        }
        if (!request.uriIsValid()) {
            return HandshakeRefusal.badRequest("The query must be percent-encoded");
        }
        if (!connect && !request.namesWebSocket()) {
            return HandshakeRefusal.badRequest("The header Upgrade must name websocket");
        }
        if (!connect && !request.names(HttpHeaders.CONNECTION, "upgrade")) {
            return HandshakeRefusal.badRequest("The header Connection must name upgrade");
        }
        HttpHeaders headers = request.headers();
        if (!connect && (headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING))) {
            return HandshakeRefusal.badRequest("A handshake must not have a body");
        }
        if (!"13".equals(headers.getFirst("Sec-WebSocket-Version"))) {
            return HandshakeRefusal.badRequest("The header Sec-WebSocket-Version must be 13");
        }
        if (!connect && !isKey(headers.getFirst("Sec-WebSocket-Key"))) {
            return HandshakeRefusal.badRequest("The header Sec-WebSocket-Key must be 16 bytes in base64");
        }
        if (!areExtensions(headers.getOrEmpty("Sec-WebSocket-Extensions"))) {
            return HandshakeRefusal.badRequest("The header Sec-WebSocket-Extensions must be a list of extensions");
        }
        if (!originRule.allows(headers, request.uri())) {
            return new HandshakeRefusal(403, "The origin is not allowed");
        }
        if (!admission.getAsBoolean()) {
            return new HandshakeRefusal(503, "The node takes on no more clients now");
        }
        return null;
    }

    /**
     * Checks a list before the server does, because servers log an invalid list with a stack trace. An empty entry is
     * valid in lists of HTTP.
     */
    private static boolean areExtensions(List<String> lines) {
        for (String line : lines) {
            for (String extension : line.split(",", -1)) {
                if (!extension.isBlank() && !EXTENSION.matcher(extension).matches()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.trim()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
