package dev.realtime.protocol.protobuf;

import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.Payload;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.ProtocolType;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.WireWriter;

/** The PROTOBUF encoding of the client protocol. */
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
        throw new IllegalStateException("being written");
    }

    @Override
    public void writeReply(Reply reply, WireWriter out) {
        throw new IllegalStateException("being written");
    }

    @Override
    public void writePush(Push push, WireWriter out) {
        throw new IllegalStateException("being written");
    }

    @Override
    public void writePing(WireWriter out) {
        throw new IllegalStateException("being written");
    }

    @Override
    public boolean carries(Payload payload) {
        throw new IllegalStateException("being written");
    }
}
