package dev.realtime.webmvc;

import dev.realtime.web.DeflateOffers;
import dev.realtime.web.MessageCompression;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Reply to a handshake on Tomcat (RFC 6455 section 4.2.2). */
final class TomcatUpgrade {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private TomcatUpgrade() {}

    static void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String subprotocol,
            ServletTransport transport,
            @Nullable MessageCompression compression)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.UPGRADE, "websocket");
        response.setHeader(HttpHeaders.CONNECTION, "upgrade");
        response.setHeader("Sec-WebSocket-Accept", accept(request.getHeader("Sec-WebSocket-Key")));
        if (subprotocol != null) {
            response.setHeader("Sec-WebSocket-Protocol", subprotocol);
        }
        if (compression != null) {
            response.setHeader("Sec-WebSocket-Extensions", DeflateOffers.WITHOUT_CONTEXT);
        }
        request.upgrade(TomcatSocket.class).connect(transport, compression);
    }

    private static String accept(String key) {
        try {
            byte[] text = (key.trim() + GUID).getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-1", e);
        }
    }
}
