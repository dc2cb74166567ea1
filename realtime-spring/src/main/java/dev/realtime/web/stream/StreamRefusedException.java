package dev.realtime.web.stream;

import java.util.Map;

/**
 * Refusal of a request before a stream begins. It has no stack trace, so that invalid requests stay cheap.
 */
public final class StreamRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    private final transient Map<String, String> headers;

    private StreamRefusedException(int status, String reason, Map<String, String> headers) {
        super(reason, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    /** Returns the refusal of a malformed request. */
    public static StreamRefusedException malformed(String rule) {
        return new StreamRefusedException(400, rule, Map.of());
    }

    /** Returns the refusal of a page that may not connect. */
    public static StreamRefusedException foreignOrigin() {
        return new StreamRefusedException(403, "The origin is not allowed", Map.of());
    }

    /** Returns the refusal of commands for a node that does not exist. */
    public static StreamRefusedException unknownNode() {
        return new StreamRefusedException(404, "The node is unknown", Map.of());
    }

    /** Returns the refusal of a method, with those that are allowed. */
    public static StreamRefusedException method(String allowed) {
        return new StreamRefusedException(405, "The method must be one of: " + allowed, Map.of("Allow", allowed));
    }

    /** Returns the refusal of a body that did not arrive in time. */
    public static StreamRefusedException tooSlow() {
        return new StreamRefusedException(408, "The body did not arrive in time", closing());
    }

    /** Returns the refusal of a body above the limit. */
    public static StreamRefusedException tooLarge() {
        return new StreamRefusedException(413, "The body is larger than the limit", closing());
    }

    /** Returns the refusal of commands of a session that already has too many waiting. */
    public static StreamRefusedException tooManyCommands() {
        return new StreamRefusedException(429, "Too many commands of this session are waiting", Map.of());
    }

    /** Returns the refusal of a client that the node does not accept now. */
    public static StreamRefusedException noAdmission() {
        return new StreamRefusedException(503, "The node takes on no more clients now", Map.of());
    }

    /** Returns the refusal of commands that could not be passed on. */
    public static StreamRefusedException notPassedOn() {
        return new StreamRefusedException(500, "The commands could not be passed on", Map.of());
    }

    /** Returns the refusal of a request that the server cannot process asynchronously. */
    public static StreamRefusedException notAsynchronous() {
        return new StreamRefusedException(
                500, "A filter or the servlet does not support asynchronous requests", Map.of());
    }

    /** The rest of the body is not waited for, so that the connection cannot be used again. */
    private static Map<String, String> closing() {
        return Map.of("Connection", "close");
    }

    /** Returns the HTTP status to reply with. */
    public int status() {
        return status;
    }

    /** Returns the headers of the reply, apart from those of CORS. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns the text of the reply, for developers of clients. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
