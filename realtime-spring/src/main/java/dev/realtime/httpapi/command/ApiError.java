package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CODE;
import static dev.realtime.httpapi.field.ApiField.MESSAGE;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Error of a command, with the codes and texts of the server API. Two of them differ from those for clients. */
public record ApiError(int code, String message) {

    private static final Logger logger = LoggerFactory.getLogger(ApiError.class);

    static final ApiError INTERNAL = new ApiError(100, "internal server error");
    static final ApiError UNKNOWN_CHANNEL = new ApiError(102, "unknown channel");
    static final ApiError PERMISSION_DENIED = new ApiError(103, "permission denied");

    static final ApiError NOT_FOUND = new ApiError(104, "not found");
    static final ApiError BAD_REQUEST = new ApiError(107, "bad request");
    static final ApiError NOT_AVAILABLE = new ApiError(108, "not available");
    static final ApiError TOO_MANY_REQUESTS = new ApiError(111, "too many requests");
    static final ApiError UNRECOVERABLE_POSITION = new ApiError(112, "unrecoverable position");
    static final ApiError CONFLICT = new ApiError(113, "conflict");

    /** Returns the error for a failure, and logs the details. */
    static ApiError of(String method, Throwable failure) {
        if (failure instanceof RealtimeException refused) {
            logger.debug("API method {} was refused: {}", method, withoutControls(refused.getMessage()));
            return of(refused.error());
        }
        if (failure instanceof ClientRefusedException refused && refused.error() != null) {
            return of(refused.error());
        }
        logger.warn("API method {} failed: {}", method, withoutControls(failure.toString()));
        return INTERNAL;
    }

    private static ApiError of(ClientError error) {
        return switch (error.code()) {
            case 102 -> UNKNOWN_CHANNEL;
            case 103 -> PERMISSION_DENIED;
            case 104 -> NOT_FOUND;
            case 107 -> BAD_REQUEST;
            case 108 -> NOT_AVAILABLE;
            case 111 -> TOO_MANY_REQUESTS;
            case 112 -> UNRECOVERABLE_POSITION;
            case 113 -> CONFLICT;
            // Other codes below 400 are for clients only; those from 400 belong to the application.
            default -> error.code() < 400 ? INTERNAL : new ApiError(error.code(), error.message());
        };
    }

    /** Replaces control characters: names of channels are external input and must not start lines of the log. */
    private static String withoutControls(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** Returns the HTTP status of the error in transport error mode. */
    public int status() {
        return switch (code) {
            case 102, 104 -> 404;
            case 103 -> 403;
            case 107, 108 -> 400;
            case 111 -> 429;
            case 112 -> 416;
            case 113 -> 409;
            default -> 500;
        };
    }

    public void write(WireWriter out) {
        JsonOutput.open(out);
        JsonOutput.number(out, CODE, code);
        JsonOutput.string(out, MESSAGE, message);
        JsonOutput.close(out);
    }
}
