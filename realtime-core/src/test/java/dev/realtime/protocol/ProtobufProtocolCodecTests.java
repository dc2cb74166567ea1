package dev.realtime.protocol;

import dev.realtime.protocol.protobuf.ProtobufCodec;
import java.io.ByteArrayOutputStream;

/** The contract in Protobuf. */
class ProtobufProtocolCodecTests extends ProtocolCodecContract {

    ProtobufProtocolCodecTests() {
        super(ProtobufCodec.INSTANCE);
    }

    @Override
    byte[] frameOf(long id, Request... requests) {
        // Messages written one after the other are one message.
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        command.writeBytes(ProtobufCommandEncoder.command(new Command(id, null)).toByteArray());
        for (Request request : requests) {
            command.writeBytes(
                    ProtobufCommandEncoder.command(new Command(0, request)).toByteArray());
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(command.size());
        frame.writeBytes(command.toByteArray());
        return frame.toByteArray();
    }
}
