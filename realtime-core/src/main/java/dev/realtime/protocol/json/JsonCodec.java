package dev.realtime.protocol.json;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import org.jspecify.annotations.Nullable;

/**
 * The JSON encoding of the client protocol: one command a line, payloads inline as raw JSON, byte for byte.
 *
 * <p>Fields have the names of the protocol definition and are left out when they hold nothing; the few that are always
 * written are named where they are. Unlike the reference server this codec takes field names only in their own letter
 * case and nothing after the object on its line.
 */
public final class JsonCodec implements ProtocolCodec {

    /** The one instance; it has no state. */
    public static final JsonCodec INSTANCE = new JsonCodec();

    private JsonCodec() {}

    @Override
    public ProtocolType type() {
        return ProtocolType.JSON;
    }

    @Override
    public CommandReader read(byte[] frame, int offset, int length, ProtocolLimits limits) {
        return new JsonCommandReader(frame, offset, length, limits);
    }

    @Override
    public Request.Connect readConnect(byte[] request, ProtocolLimits limits) throws MalformedFrameException {
        return JsonCommandReader.connectRequest(request, limits);
    }

    @Override
    public void writeReply(Reply reply, WireWriter out) {
        JsonOutput.open(out);
        JsonOutput.number(out, ProtocolFields.ID, reply.id());
        if (reply instanceof Reply.Success success) {
            JsonResults.write(out, success.result());
        } else if (reply instanceof Reply.Failure failure) {
            error(out, failure.error());
        }
        JsonOutput.close(out);
    }

    private static void error(WireWriter out, ClientError error) {
        JsonOutput.openObject(out, ProtocolFields.ERROR);
        JsonOutput.number(out, ProtocolFields.CODE, error.code());
        JsonOutput.string(out, ProtocolFields.MESSAGE, error.message());
        JsonOutput.bool(out, ProtocolFields.TEMPORARY, error.temporary());
        JsonOutput.close(out);
    }

    @Override
    public void writePush(Push push, WireWriter out) {
        JsonOutput.open(out);
        JsonOutput.openObject(out, ProtocolFields.PUSH);
        JsonPushes.write(out, push);
        JsonOutput.close(out);
        JsonOutput.close(out);
    }

    @Override
    public void writePing(WireWriter out) {
        JsonOutput.open(out);
        JsonOutput.close(out);
    }

    @Override
    public void writeBarePush(Push push, WireWriter out) {
        JsonOutput.open(out);
        JsonPushes.write(out, push);
        JsonOutput.close(out);
    }

    @Override
    public void writeBarePing(WireWriter out) {
        writePing(out);
    }

    @Override
    public boolean carries(@Nullable Payload payload) {
        return payload == null || payload.isJson() || payload.isEmpty();
    }
}
