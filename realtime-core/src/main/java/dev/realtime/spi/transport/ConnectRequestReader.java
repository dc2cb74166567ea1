package dev.realtime.spi.transport;

import dev.realtime.protocol.Command;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import org.jspecify.annotations.Nullable;

/** Reader of the connect request that is all a unidirectional client sends, as a single command. */
final class ConnectRequestReader implements CommandReader {

    /** Id of the command, which no reply carries. */
    private static final long ID = 1;

    private final ProtocolCodec codec;

    private final ProtocolLimits limits;

    /** {@code null} once it was read. */
    private byte @Nullable [] frame;

    ConnectRequestReader(ProtocolCodec codec, byte[] frame, ProtocolLimits limits) {
        this.codec = codec;
        this.frame = frame;
        this.limits = limits;
    }

    @Override
    public @Nullable Command next() throws MalformedFrameException {
        byte[] unread = frame;
        frame = null;
        return unread == null ? null : new Command(ID, codec.readConnect(unread, limits));
    }

    @Override
    public void keep() {
        byte[] unread = frame;
        frame = unread == null ? null : unread.clone();
    }
}
