package dev.realtime.protocol.protobuf;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
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
 * The Protobuf encoding of the client protocol: each message after its length as an unsigned varint, payloads as bytes.
 *
 * <p>The numbers in this package are the field numbers of the protocol definition.
 */
public final class ProtobufCodec implements ProtocolCodec {

    /** The one instance; it has no state. */
    public static final ProtobufCodec INSTANCE = new ProtobufCodec();

    private ProtobufCodec() {}

    @Override
    public ProtocolType type() {
        return ProtocolType.PROTOBUF;
    }

    @Override
    public CommandReader read(byte[] frame, int offset, int length, ProtocolLimits limits) {
        return new ProtobufCommandReader(frame, offset, length, limits);
    }

    @Override
    public Request.Connect readConnect(byte[] request, ProtocolLimits limits) throws MalformedFrameException {
        if (request.length > limits.messageBytes()) {
            throw new MalformedFrameException("A connect request must not be longer than the limit.");
        }
        ProtobufInput in = new ProtobufInput(request, 0, request.length);
        return ProtobufRequests.connect(in, limits.depth());
    }

    @Override
    public void writeReply(Reply reply, WireWriter out) {
        int start = ProtobufOutput.open(out);
        ProtobufOutput.number(out, 1, reply.id());
        if (reply instanceof Reply.Success success) {
            ProtobufResults.write(out, success.result());
        } else if (reply instanceof Reply.Failure failure) {
            int error = ProtobufOutput.open(out, 2);
            ProtobufOutput.number(out, 1, failure.error().code());
            ProtobufOutput.string(out, 2, failure.error().message());
            ProtobufOutput.bool(out, 3, failure.error().temporary());
            ProtobufOutput.close(out, error);
        }
        ProtobufOutput.close(out, start);
    }

    @Override
    public void writePush(Push push, WireWriter out) {
        int start = ProtobufOutput.open(out);
        int envelope = ProtobufOutput.open(out, 4);
        ProtobufPushes.write(out, push);
        ProtobufOutput.close(out, envelope);
        ProtobufOutput.close(out, start);
    }

    @Override
    public void writePing(WireWriter out) {
        ProtobufOutput.close(out, ProtobufOutput.open(out));
    }

    @Override
    public void writeBarePush(Push push, WireWriter out) {
        ProtobufPushes.write(out, push);
    }

    /** Writes nothing: an empty message has no bytes. */
    @Override
    public void writeBarePing(WireWriter out) {}

    @Override
    public boolean carries(@Nullable Payload payload) {
        return true;
    }
}
