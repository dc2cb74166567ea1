package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Error that a client reads in place of the result of its command. */
public record ErrorReply(int code, String message, boolean temporary) {

    public static final ErrorReply PERMISSION_DENIED = error(103, "permission denied");

    public static final ErrorReply BAD_REQUEST = error(107, "bad request");

    public static final ErrorReply INTERNAL = new ErrorReply(100, "internal server error", true);

    private static final JsonMapper MAPPER = new JsonMapper();

    /** An error after which the client should not try again. */
    public static ErrorReply error(int code, String message) {
        return new ErrorReply(code, message, false);
    }

    static ErrorReply read(int id, String text) {
        JsonNode json = MAPPER.readTree(text.replace('\'', '"')).path("error");
        ErrorReply error =
                new ErrorReply(json.path("code").asInt(0), json.path("message").asString(""), json.has("temporary"));
        assertThat(text).isEqualTo(error.toText(id));
        return error;
    }

    private String toText(int id) {
        return "{'id':" + id + ",'error':{'code':" + code + ",'message':'" + message + "'"
                + (temporary ? ",'temporary':true" : "") + "}}";
    }
}
