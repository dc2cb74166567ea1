package dev.realtime.benchmarks;

import dev.realtime.api.client.ProtocolType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Commands as clients send them, in both encodings. */
record ClientFrames(byte[] connect, byte[] subscribe, byte[] publish, byte[] unsubscribe) {

    /** As long as in the load scenarios: 128 bytes of JSON. */
    static final byte[] DATA = ("{\"text\":\"" + "x".repeat(117) + "\"}").getBytes(StandardCharsets.US_ASCII);

    static ClientFrames of(ProtocolType type, String channel) {
        return type == ProtocolType.JSON ? json(channel) : protobuf(channel);
    }

    private static ClientFrames json(String channel) {
        return new ClientFrames(
                bytes("{\"id\":1,\"connect\":{}}"),
                bytes("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}"),
                bytes("{\"id\":3,\"publish\":{\"channel\":\"" + channel + "\",\"data\":"
                        + new String(DATA, StandardCharsets.US_ASCII) + "}}"),
                bytes("{\"id\":4,\"unsubscribe\":{\"channel\":\"" + channel + "\"}}"));
    }

    /**
     * Field numbers are those of the protocol definition: id 1, connect 4, subscribe 5, unsubscribe 6,
     * publish 7; channel 1, data 2.
     */
    private static ClientFrames protobuf(String channel) {
        byte[] inChannel = field(1, bytes(channel));
        return new ClientFrames(
                command(1, field(4)),
                command(2, field(5, inChannel)),
                command(3, field(7, inChannel, field(2, DATA))),
                command(4, field(6, inChannel)));
    }

    private static byte[] command(int id, byte[] request) {
        byte[] command = join(new byte[] {8, (byte) id}, request);
        return join(varint(command.length), command);
    }

    private static byte[] field(int number, byte[]... parts) {
        byte[] value = join(parts);
        return join(varint(number << 3 | 2), varint(value.length), value);
    }

    private static byte[] varint(int value) {
        return value < 128 ? new byte[] {(byte) value} : new byte[] {(byte) (value | 128), (byte) (value >> 7)};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
