package dev.realtime.protocol.json;

import static dev.realtime.protocol.json.ProtocolFields.*;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonScanner;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Request;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commands of a frame of JSON, one object a line.
 *
 * <p>Of a field that comes twice the last one counts. Of several requests in one command the first in the order of
 * {@link #REQUESTS} counts, but all of them must be well-formed.
 */
final class JsonCommandReader implements CommandReader {

    private static final JsonField[] REQUESTS = {
        CONNECT, SUBSCRIBE, UNSUBSCRIBE, PUBLISH, PRESENCE, PRESENCE_STATS, HISTORY, RPC, SEND, REFRESH, SUB_REFRESH
    };

    private byte[] frame;

    private final int end;

    private final ProtocolLimits limits;

    private JsonInput json;

    private int position;

    private int commands;

    JsonCommandReader(byte[] frame, int offset, int length, ProtocolLimits limits) {
        this.frame = frame;
        this.position = offset;
        this.end = offset + length;
        this.limits = limits;
        this.json = limits.jsonInput(frame);
    }

    /** Reads an array that holds nothing but a connect request, in any number of lines. */
    static Request.Connect connectRequest(byte[] request, ProtocolLimits limits) throws MalformedFrameException {
        if (request.length > limits.messageBytes()) {
            throw new MalformedFrameException("A connect request must not be longer than the limit.");
        }
        JsonInput json = limits.jsonInput(request);
        json.moveTo(0, request.length);
        try {
            Request.Connect connect = json.openObject(CONNECT) ? JsonRequests.connect(json) : Request.Connect.EMPTY;
            if (json.peek() != JsonScanner.END) {
                throw new MalformedJsonException("Nothing must follow a connect request.");
            }
            return connect;
        } catch (MalformedJsonException malformed) {
            throw new MalformedFrameException(malformed.getMessage());
        }
    }

    @Override
    public @Nullable Command next() throws MalformedFrameException {
        if (position == end) {
            if (commands == 0) {
                throw new MalformedFrameException("A frame must contain at least one command.");
            }
            return null;
        }
        if (commands == limits.commandsPerFrame()) {
            throw new MalformedFrameException(
                    "A frame must not contain more commands than the limit.", Disconnect.TOO_MANY_REQUESTS);
        }
        commands++;
        int lineEnd = lineEnd();
        if (lineEnd - position > limits.messageBytes()) {
            throw new MalformedFrameException("A command must not be longer than the limit.");
        }
        json.moveTo(position, lineEnd);
        // The line feed after the last command ends it and begins nothing.
        position = Math.min(lineEnd + 1, end);
        try {
            return command();
        } catch (MalformedJsonException malformed) {
            throw new MalformedFrameException(malformed.getMessage());
        }
    }

    @Override
    public void keep() {
        if (position < end) {
            frame = Arrays.copyOf(frame, end);
            json = limits.jsonInput(frame);
        }
    }

    private int lineEnd() {
        int at = position;
        while (at < end && frame[at] != '\n') {
            at++;
        }
        return at;
    }

    private Command command() throws MalformedJsonException {
        switch (json.peek()) {
            case '{' -> json.open();
            case JsonScanner.END ->
                throw new MalformedJsonException("A line must hold a command, it must not be blank.");
            default -> throw new MalformedJsonException("A command must be a JSON object.");
        }
        long id = 0;
        Request request = null;
        int rank = REQUESTS.length;
        while (json.nextField()) {
            if (json.nameIs(ID)) {
                id = json.uint32(ID);
                continue;
            }
            int found = rankOfField();
            if (found == REQUESTS.length) {
                json.skipValue();
            } else {
                Request candidate = request(REQUESTS[found]);
                if (found <= rank) {
                    request = candidate;
                    rank = found;
                }
            }
        }
        if (json.peek() != JsonScanner.END) {
            throw new MalformedJsonException("Nothing but a line feed must follow a command.");
        }
        return new Command(id, request);
    }

    private int rankOfField() {
        int rank = 0;
        while (rank < REQUESTS.length && !json.nameIs(REQUESTS[rank])) {
            rank++;
        }
        return rank;
    }

    private Request request(JsonField kind) throws MalformedJsonException {
        if (!json.openObject(kind)) {
            throw new MalformedJsonException("A request must not be null.");
        }
        return switch (kind.text()) {
            case "connect" -> JsonRequests.connect(json);
            case "subscribe" -> JsonRequests.subscribe(json);
            case "unsubscribe" -> new Request.Unsubscribe(JsonRequests.channel(json));
            case "publish" -> JsonRequests.publish(json);
            case "presence" -> new Request.Presence(JsonRequests.channel(json));
            case "presence_stats" -> new Request.PresenceStats(JsonRequests.channel(json));
            case "history" -> JsonRequests.history(json);
            case "rpc" -> JsonRequests.rpc(json);
            case "send" -> JsonRequests.send(json);
            case "refresh" -> JsonRequests.refresh(json);
            case "sub_refresh" -> JsonRequests.subRefresh(json);
            default -> throw new IllegalArgumentException(kind.text() + " is not a request");
        };
    }
}
