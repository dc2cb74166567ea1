package dev.realtime.autoconfigure.warmup;

import dev.realtime.api.data.StreamPosition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Frames of clients: the commands that a client of the warm-up sends, each as one masked WebSocket frame. */
enum Commands {
    JSON("") {
        @Override
        byte[] connect(String token) {
            return text("{\"id\":1,\"connect\":{\"token\":\"" + token + "\",\"name\":\"js\"}}");
        }

        @Override
        byte[] subscribe(String channel, StreamPosition since) {
            return text("{\"id\":2,\"subscribe\":{\"channel\":\"%s\",\"recover\":true,\"epoch\":\"%s\",\"offset\":%d}}"
                    .formatted(channel, since.epoch(), since.offset()));
        }

        @Override
        byte[] publish(String channel, String data) {
            return text("{\"id\":3,\"publish\":{\"channel\":\"" + channel + "\",\"data\":" + data + "}}");
        }
    },

    PROTOBUF("centrifuge-protobuf") {
        @Override
        byte[] connect(String token) {
            return command(1, 4, new Message().text(1, token).text(4, "js"));
        }

        @Override
        byte[] subscribe(String channel, StreamPosition since) {
            return command(
                    2,
                    5,
                    new Message()
                            .text(1, channel)
                            .number(3, 1)
                            .text(6, since.epoch())
                            .number(7, since.offset()));
        }

        @Override
        byte[] publish(String channel, String data) {
            return command(3, 7, new Message().text(1, channel).text(2, data));
        }
    };

    private static final int TEXT = 1;

    private static final int BINARY = 2;

    private static final int CLOSE = 8;

    private static final int SHORT = 126;

    private final String subprotocol;

    Commands(String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /** Returns the WebSocket subprotocol that chooses the encoding, empty for none. */
    String subprotocol() {
        return subprotocol;
    }

    /** Returns the command that connects, with an empty token for none. */
    abstract byte[] connect(String token);

    /** Returns the command that subscribes and recovers. */
    abstract byte[] subscribe(String channel, StreamPosition since);

    /** Returns the command that publishes JSON. */
    abstract byte[] publish(String channel, String data);

    /** Returns the frame that ends the connection, with code 1000. */
    static byte[] close() {
        return frame(CLOSE, new byte[] {0x03, (byte) 0xe8});
    }

    private static byte[] text(String command) {
        return frame(TEXT, command.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] command(int id, int field, Message request) {
        byte[] command = new Message().number(1, id).message(field, request).bytes();
        return frame(BINARY, new Message().varint(command.length).raw(command).bytes());
    }

    private static byte[] frame(int opcode, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 8);
        out.write(0x80 | opcode);
        if (payload.length < SHORT) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | SHORT);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        byte[] mask = new byte[4];
        ThreadLocalRandom.current().nextBytes(mask);
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        return out.toByteArray();
    }

    /** Message of Protocol Buffers that is being written. */
    private static final class Message {

        private static final int LENGTH_DELIMITED = 2;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            return varint((long) field << 3).varint(value);
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message message) {
            return bytes(field, message.bytes());
        }

        private Message bytes(int field, byte[] bytes) {
            return varint((long) field << 3 | LENGTH_DELIMITED)
                    .varint(bytes.length)
                    .raw(bytes);
        }

        Message raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Message varint(long value) {
            long rest = value;
            while (rest > 0x7f) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
