package dev.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.protocol.protobuf.ProtobufCodec;
import dev.realtime.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes a Protobuf client may send, and those it may not. */
class ProtobufCommandTests {

    private static final long SEED = 20_240_229;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The length of a command.
                "01             | A Protobuf length must not be larger than what follows it.",
                "80             | A Protobuf message must not end inside a field.",
                "808004         | A Protobuf length must not be larger than what follows it.",
                "818004         | A command must not be longer than the limit.",
                "8080808008     | A command must not be longer than the limit.",
                "ffffffff0f     | A command must not be longer than the limit.",
                "ffffffffffffffffff01 | A command must not be longer than the limit.",
                "ffffffffffffffffff02 | A varint must fit into 64 bits.",
                "8080808080808080808000 | A varint must fit into 64 bits.",
                // The tag of a field.
                "0100           | The number of a Protobuf field must be from 1 to 536870911.",
                "0107           | The number of a Protobuf field must be from 1 to 536870911.",
                "068080808010 00 | The number of a Protobuf field must be from 1 to 536870911.",
                "0180           | A Protobuf message must not end inside a field.",
                // Unknown fields: broken ones, groups, and wire types that do not exist.
                "0198           | A Protobuf message must not end inside a field.",
                "01 13          | A Protobuf message must not end inside a field.",
                "03 13 08 14    | A Protobuf message must not end inside a field.",
                "02 13 1c       | A Protobuf group must end with the number it began with.",
                "03 13 23 14    | A Protobuf group must end with the number it began with.",
                "01 14          | A Protobuf field must have a known wire type and no group may end before it begins.",
                "01 16          | A Protobuf field must have a known wire type and no group may end before it begins.",
                "01 17          | A Protobuf field must have a known wire type and no group may end before it begins.",
                "02 11 00       | A Protobuf message must not end inside a field.",
                "02 15 00       | A Protobuf message must not end inside a field.",
                "03 12 02 00    | A Protobuf length must not be larger than what follows it.",
                "0b 10 ffffffffffffffffff02 | A varint must fit into 64 bits.",
                // Known fields of another wire type: id as bytes, connect as a number, a channel as a number, data as
                // 32-bit.
                "02 0a 00       | A known Protobuf field must have the wire type of its declaration.",
                "02 20 00       | A known Protobuf field must have the wire type of its declaration.",
                "04 42 02 08 01 | A known Protobuf field must have the wire type of its declaration.",
                "07 3a 05 15 00000000 | A known Protobuf field must have the wire type of its declaration.",
                "04 2a 02 1a 00 | A known Protobuf field must have the wire type of its declaration.",
                // Lengths inside a command: over its end, over the end of the request, and not a length at all.
                "02 42 01       | A Protobuf length must not be larger than what follows it.",
                "04 42 02 0a 01 | A Protobuf length must not be larger than what follows it.",
                "05 42 02 0a 01 61 | A Protobuf length must not be larger than what follows it.",
                "08 42 06 0a 8080808008 | A Protobuf length must not be larger than what follows it.",
                "0d 42 0b 0a ffffffffffffffffff01 | A Protobuf length must not be larger than what follows it.",
                "01 08          | A Protobuf message must not end inside a field.",
                // Text that is not UTF-8: an overlong form and half a surrogate pair.
                "06 42 04 0a 02 c0af | A Protobuf string must be valid UTF-8.",
                "07 42 05 0a 03 eda080 | A Protobuf string must be valid UTF-8."
            })
    void brokenFrameNamesTheRule(String hexadecimal, String rule) {
        byte[] frame = HexFormat.of().parseHex(hexadecimal.replace(" ", ""));

        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> read(frame))
                .withMessage(rule)
                .satisfies(exception -> assertThat(exception.disconnect()).isEqualTo(Disconnect.BAD_REQUEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8080808008", "ffffffff07", "808004", "ffff03", "0a42ffffffff070a8080808008"})
    void lengthIsRefusedBeforeAnythingOfItsSizeIsAllocated(String hexadecimal) throws Exception {
        byte[] frame = HexFormat.of().parseHex(hexadecimal);

        long allocated = AllocatedBytes.during(
                () -> assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> read(frame)));

        assertThat(allocated).isLessThan(500_000);
    }

    @Test
    void unknownFieldsOfEveryWireTypeArePassedOver() throws MalformedFrameException {
        String unknown =
                "a006 01" + "a106 0102030405060708" + "a206 02 0102" + "a506 01020304" + "a306 0801 ab06 ac06 a406";
        byte[] frame =
                HexFormat.of().parseHex(("00" + unknown + "0807" + "42" + "00" + unknown + "0a0161").replace(" ", ""));
        int unknownBytes = 3 + 10 + 5 + 6 + 10;
        frame[0] = (byte) (frame.length - 1);
        frame[1 + unknownBytes + 2 + 1] = (byte) (unknownBytes + 3);

        assertThat(read(frame)).containsExactly(new Command(7, new Request.Presence("a")));
    }

    @Test
    void groupsAreSkippedUpToALimitOfTheirNesting() throws MalformedFrameException {
        assertThat(read(groups(100))).containsExactly(new Command(0, null));
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> read(groups(101)))
                .withMessage("Protobuf groups must not be nested deeper than the limit.");
        assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> read(groups(30_000)));
    }

    /** A command of nothing but groups in groups. */
    private static byte[] groups(int depth) {
        int bytes = 2 * depth;
        String length = "%02x%02x%02x".formatted(0x80 | bytes & 0x7f, 0x80 | bytes >> 7 & 0x7f, bytes >> 14);
        return HexFormat.of().parseHex(length + "13".repeat(depth) + "14".repeat(depth));
    }

    @Test
    void zeroLengthIsAPong() throws MalformedFrameException {
        assertThat(read(new byte[] {0, 0})).containsExactly(new Command(0, null), new Command(0, null));
    }

    @Test
    void pingCommandIsNoRequest() throws MalformedFrameException {
        Wire.Command ping = Wire.Command.newBuilder()
                .setId(7)
                .setPing(Wire.PingRequest.getDefaultInstance())
                .build();

        assertThat(read(frame(ping.toByteArray()))).containsExactly(new Command(7, null));
    }

    @Test
    void emptyDataIsAbsent() throws MalformedFrameException {
        byte[] frame = HexFormat.of().parseHex("07" + "3a05" + "0a0161" + "1200");

        assertThat(read(frame)).containsExactly(new Command(0, new Request.Publish("a", null)));
    }

    @Test
    void dataThatIsNotJsonIsData() throws MalformedFrameException {
        Wire.Command.Builder command = Wire.Command.newBuilder();
        command.getPublishBuilder().setData(ByteString.copyFrom(new byte[] {1, 2, (byte) 0xff}));

        Request.Publish publish = (Request.Publish)
                read(frame(command.build().toByteArray())).get(0).request();

        assertThat(publish.data().bytes()).containsExactly(1, 2, 0xff);
        assertThat(publish.data().isJson()).isFalse();
    }

    @Test
    void ofAFieldThatComesTwiceTheLastOneCounts() throws MalformedFrameException {
        byte[] frame = HexFormat.of().parseHex("0e" + "0801" + "4203" + "0a0161" + "0802" + "4203" + "0a0162");

        assertThat(read(frame)).containsExactly(new Command(2, new Request.Presence("b")));
    }

    @Test
    void commandsBeforeABrokenOneAreHandedOutFirst() throws MalformedFrameException {
        byte[] frame = HexFormat.of().parseHex("020801" + "020802" + "05");
        CommandReader reader = ProtobufCodec.INSTANCE.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);

        assertThat(reader.next()).isEqualTo(new Command(1, null));
        assertThat(reader.next()).isEqualTo(new Command(2, null));
        assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(reader::next);
    }

    @Test
    void whatIsReadFromMutatedBytesIsWhatGeneratedClassesRead() throws InvalidProtocolBufferException {
        RandomMessages messages = new RandomMessages(SEED);
        Random random = new Random(SEED);
        int read = 0;

        for (int round = 0; round < 20_000; round++) {
            byte[] message = Mutations.mutate(
                    ProtobufCommandEncoder.command(messages.command()).toByteArray(), random);
            String description = "round " + round + " of seed " + SEED + ": "
                    + HexFormat.of().formatHex(message);
            Command command;
            try {
                command = read(frame(message)).get(0);
            } catch (MalformedFrameException malformed) {
                continue;
            }
            read++;

            Wire.Command wire = Wire.Command.parseFrom(message);

            assertThat(command.id()).as(description).isEqualTo(Integer.toUnsignedLong(wire.getId()));
            if (command.request() instanceof Request.Publish publish) {
                assertThat(publish.channel())
                        .as(description)
                        .isEqualTo(wire.getPublish().getChannel());
            } else if (command.request() instanceof Request.Subscribe subscribe) {
                assertThat(subscribe.offset())
                        .as(description)
                        .isEqualTo(wire.getSubscribe().getOffset());
                assertThat(subscribe.type())
                        .as(description)
                        .isEqualTo(wire.getSubscribe().getType());
            }
        }

        assertThat(read).isGreaterThan(1_000);
    }

    private static byte[] frame(byte[] message) {
        Wire.PublishRequest carrier = Wire.PublishRequest.newBuilder()
                .setData(ByteString.copyFrom(message))
                .build();
        // A bytes field is its tag and then the delimited message.
        byte[] field = carrier.toByteArray();
        return message.length == 0 ? new byte[1] : Arrays.copyOfRange(field, 1, field.length);
    }

    private static List<Command> read(byte[] frame) throws MalformedFrameException {
        CommandReader reader = ProtobufCodec.INSTANCE.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);
        List<Command> commands = new ArrayList<>();
        for (Command command = reader.next(); command != null; command = reader.next()) {
            commands.add(command);
        }
        return commands;
    }
}
