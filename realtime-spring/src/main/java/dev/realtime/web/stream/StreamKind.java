package dev.realtime.web.stream;

import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.WireForm;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Transport that is an HTTP response without an end.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/overview">Transports of Centrifugo</a>
 */
public enum StreamKind {
    /** Lines of JSON or delimited Protobuf; the client posts its commands to the emulation endpoint. */
    HTTP_STREAM("http_stream", List.of("POST"), WireForm.JSON_LINES, TransportCapabilities.EMULATED),
    /** Server-sent events; the client posts its commands to the emulation endpoint. */
    SSE("sse", List.of("GET", "POST"), WireForm.JSON_SSE, TransportCapabilities.EMULATED),
    /** Lines of JSON, pushes only. */
    UNI_HTTP_STREAM("uni_http_stream", List.of("POST"), WireForm.UNI_JSON_LINES, TransportCapabilities.UNIDIRECTIONAL),
    /** Server-sent events, pushes only. */
    UNI_SSE("uni_sse", List.of("GET", "POST"), WireForm.UNI_JSON_SSE, TransportCapabilities.UNIDIRECTIONAL);

    private static final String BINARY = "application/octet-stream";

    private static final String TEXT = "text/plain; charset=utf-8";

    private static final String EVENTS = "text/event-stream; charset=utf-8";

    private static final byte[] LINE_END = {'\r', '\n'};

    private static final byte[] NOTHING = {};

    private final String transportName;

    private final List<String> methods;

    private final WireForm wireForm;

    private final TransportCapabilities capabilities;

    StreamKind(String transportName, List<String> methods, WireForm wireForm, TransportCapabilities capabilities) {
        this.transportName = transportName;
        this.methods = methods;
        this.wireForm = wireForm;
        this.capabilities = capabilities;
    }

    /** Returns the name of the transport. */
    public String transportName() {
        return transportName;
    }

    /** Returns the path of the endpoint that clients expect. */
    public String defaultPath() {
        return "/connection/" + transportName;
    }

    /** Returns the name of the group of properties, for instance {@code realtime.http-stream}. */
    public String properties() {
        return "realtime." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the name of the transport in sentences. */
    public String title() {
        String name = isEvents() ? "server-sent events" : "HTTP streaming";
        return isUnidirectional() ? "unidirectional " + name : name;
    }

    /** Returns the methods that open a stream. */
    public List<String> methods() {
        return methods;
    }

    /**
     * Returns whether browsers ask before they send a request to another origin, and the endpoint replies. Requests of
     * the other kinds need no permission in advance.
     */
    public boolean hasPreflight() {
        return this == HTTP_STREAM;
    }

    /** Returns what the transport can do. */
    public TransportCapabilities capabilities() {
        return capabilities;
    }

    /** Returns whether the client sends nothing but a connect request. */
    public boolean isUnidirectional() {
        return this == UNI_HTTP_STREAM || this == UNI_SSE;
    }

    /** Returns whether messages are server-sent events. */
    public boolean isEvents() {
        return this == SSE || this == UNI_SSE;
    }

    /**
     * Returns the form of messages.
     *
     * @param contentType content type of the request; {@code null} if it has none
     */
    public WireForm wireForm(@Nullable String contentType) {
        return this == HTTP_STREAM && isBinary(contentType) ? WireForm.PROTOBUF_DELIMITED : wireForm;
    }

    /** Returns the content type of a response of this form. */
    public String contentType(WireForm form) {
        if (isEvents()) {
            return EVENTS;
        }
        return form == WireForm.PROTOBUF_DELIMITED ? BINARY : TEXT;
    }

    /** Returns a copy of the bytes that begin a stream and are sent immediately, so that clients see it open. */
    public byte[] firstBytes() {
        return isEvents() ? LINE_END.clone() : NOTHING;
    }

    /** Returns whether a content type, without its parameters, means Protobuf. */
    static boolean isBinary(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.trim().equalsIgnoreCase(BINARY);
    }
}
