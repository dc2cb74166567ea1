package dev.realtime.protocol.protobuf;

import dev.realtime.api.client.Disconnect;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commands of a frame of Protobuf messages, each after its length.
 *
 * <p>Of a field that comes twice the last one counts. Of several requests in one command the one that ranks lowest
 * counts, but all of them must be well-formed.
 */
final class ProtobufCommandReader implements CommandReader {

    private static final int NONE = Integer.MAX_VALUE;

    private final ProtocolLimits limits;

    private final ProtobufInput in;

    private int commands;

    ProtobufCommandReader(byte[] frame, int offset, int length, ProtocolLimits limits) {
        this.limits = limits;
        this.in = new ProtobufInput(frame, offset, offset + length);
    }

    @Override
    public @Nullable Command next() throws MalformedFrameException {
        if (in.atEnd()) {
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
        int length = in.length(limits.messageBytes());
        int frameEnd = in.enter(length);
        Command command = command();
        in.leave(frameEnd);
        return command;
    }

    @Override
    public void keep() {
        in.keep();
    }

    private Command command() throws MalformedFrameException {
        long id = 0;
        Request request = null;
        int rank = NONE;
        while (in.nextField()) {
            if (in.field() == 1) {
                id = in.uint32();
                continue;
            }
            int found = rank(in.field());
            if (found == NONE) {
                in.skip();
            } else {
                Request candidate = request(in.field());
                if (found <= rank) {
                    request = candidate;
                    rank = found;
                }
            }
        }
        return new Command(id, request);
    }

    /** Requests rank by their field numbers, but for rpc (13), which comes before send (12). */
    private static int rank(int field) {
        return switch (field) {
            case 4, 5, 6, 7, 8, 9, 10, 14, 15 -> field;
            case 13 -> 12;
            case 12 -> 13;
            default -> NONE;
        };
    }

    private Request request(int field) throws MalformedFrameException {
        int commandEnd = in.enter();
        Request request = switch (field) {
            case 4 -> ProtobufRequests.connect(in, limits.depth());
            case 5 -> ProtobufRequests.subscribe(in, limits.depth());
            case 6 -> new Request.Unsubscribe(ProtobufRequests.onlyString(in));
            case 7 -> ProtobufRequests.publish(in);
            case 8 -> new Request.Presence(ProtobufRequests.onlyString(in));
            case 9 -> new Request.PresenceStats(ProtobufRequests.onlyString(in));
            case 10 -> ProtobufRequests.history(in);
            case 12 -> ProtobufRequests.send(in);
            case 13 -> ProtobufRequests.rpc(in);
            case 14 -> new Request.Refresh(ProtobufRequests.onlyString(in));
            case 15 -> ProtobufRequests.subRefresh(in);
            default -> throw new IllegalArgumentException("field " + field + " is not a request");
        };
        in.leave(commandEnd);
        return request;
    }
}
