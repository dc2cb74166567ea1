package dev.realtime.protocol.json;

import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.Payload;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.ProtocolType;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.WireWriter;

/** The JSON encoding of the client protocol. */
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
