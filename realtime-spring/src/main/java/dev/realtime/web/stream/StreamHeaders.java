package dev.realtime.web.stream;

import dev.realtime.spi.transport.WireForm;
import java.util.LinkedHashMap;
import java.util.Map;

/** Headers of the response that is a stream. They keep proxies from buffering and storing it. */
public final class StreamHeaders {

    private static final String NO_CACHE = "private, no-cache, no-store, must-revalidate, max-age=0";

    private StreamHeaders() {}

    /**
     * Returns the headers.
     *
     * @param httpVersion as on the request line, such as {@code HTTP/1.1}; other versions have no {@code keep-alive}
     */
    public static Map<String, String> of(StreamKind kind, WireForm form, String httpVersion) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", kind.contentType(form));
        headers.put("X-Accel-Buffering", "no");
        headers.put("Cache-Control", NO_CACHE);
        headers.put("Pragma", "no-cache");
        if (httpVersion.equals("HTTP/1.1")) {
            headers.put("Connection", "keep-alive");
        }
        return headers;
    }
}
