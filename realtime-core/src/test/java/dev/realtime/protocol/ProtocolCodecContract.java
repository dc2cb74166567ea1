package dev.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every encoding must do. A subclass supplies the codec and the client's side of it. */
abstract class ProtocolCodecContract {

    /** Fixed, so that a failure repeats; every assertion over random input names it. */
    private static final long SEED = 20_240_229;

    /** The requests in the order in which the first one of a command wins. */
    private static final List<Request> BY_RANK = List.of(
            new Request.Connect("token", null, Map.of(), "", "", Map.of()),
            Request.Subscribe.to("subscribe"),
            new Request.Unsubscribe("unsubscribe"),
            new Request.Publish("publish", null),
            new Request.Presence("presence"),
            new Request.PresenceStats("presence_stats"),
            new Request.History("history", 0, null, false),
            new Request.Rpc("rpc", null),
            new Request.Send(Payload.ofText("\"send\"")),
            new Request.Refresh("refresh"),
            new Request.SubRefresh("sub_refresh", "token"));

    private final ProtocolCodec codec;

    private final ClientCodec client;

    ProtocolCodecContract(ProtocolCodec codec) {
        this.codec = codec;
        this.client = ClientCodec.of(codec.type());
    }

    /** A frame of one command holding all of these requests, in this order. */
    abstract byte[] frameOf(long id, Request... requests);

    @Test
    void requestsOfEveryKindArriveAsTheClientSentThem() throws MalformedFrameException {
        RandomMessages random = new RandomMessages(SEED);
        Set<Class<?>> kinds = new HashSet<>();

        for (int round = 0; round < 3_000; round++) {
            Command command = random.command();

            List<Command> read = read(client.encode(command));

            assertThat(read).as("round %s of seed %s", round, SEED).containsExactly(command);
            kinds.add(command.request().getClass());
        }

        assertThat(kinds).containsExactlyInAnyOrder(Request.class.getPermittedSubclasses());
    }

    @Test
    void repliesOfEveryKindReachTheClientAsTheyWereWritten() {
        RandomMessages random = new RandomMessages(SEED);
        Set<Class<?>> kinds = new HashSet<>();

        for (int round = 0; round < 3_000; round++) {
            Reply reply = random.reply();
            WireWriter out = new WireWriter(16);

            codec.writeReply(reply, out);

            assertThat(client.decode(out.toByteArray()))
                    .as("round %s of seed %s", round, SEED)
                    .containsExactly(reply);
            kinds.add(reply instanceof Reply.Success success ? success.result().getClass() : reply.getClass());
        }

        assertThat(kinds).contains(Result.class.getPermittedSubclasses()).contains(Reply.Failure.class);
    }

    @Test
    void pushesOfEveryKindReachTheClientAsTheyWereWritten() {
        RandomMessages random = new RandomMessages(SEED);
        Set<Class<?>> kinds = new HashSet<>();

        for (int round = 0; round < 3_000; round++) {
            Push push = random.push();
            WireWriter out = new WireWriter(16);

            codec.writePush(push, out);

            assertThat(client.decode(out.toByteArray()))
                    .as("round %s of seed %s", round, SEED)
                    .containsExactly(push);
            kinds.add(push.getClass());
        }

        assertThat(kinds).containsExactlyInAnyOrder(Push.class.getPermittedSubclasses());
    }

    @Test
    void messagesAreAppendedToWhatTheWriterHolds() {
        WireWriter out = new WireWriter();
        out.write((byte) 42);

        codec.writePing(out);

        assertThat(out.array()[0]).isEqualTo((byte) 42);
        assertThat(client.decode(Arrays.copyOfRange(out.array(), 1, out.size())))
                .containsExactly(new ClientCodec.Ping());
    }

    @Test
    void positionOfASubscribePushIsLeftOutUnlessPositionedOrRecoverable() {
        StreamPosition position = new StreamPosition(7, "epoch");
        WireWriter out = new WireWriter();

        codec.writePush(new Push.Subscribed("chat", false, false, position, null), out);

        assertThat(client.decode(out.toByteArray()))
                .containsExactly(new Push.Subscribed("chat", false, false, StreamPosition.NONE, null));
    }

    @Test
    void emptyCommandIsAPong() throws MalformedFrameException {
        List<Command> read = read(client.encode(new Command(0, null)));

        assertThat(read).containsExactly(new Command(0, null)).allMatch(Command::isPong);
    }

    @Test
    void commandWithoutRequestKeepsItsId() throws MalformedFrameException {
        assertThat(read(client.encode(new Command(7, null)))).containsExactly(new Command(7, null));
    }

    @Test
    void commandsOfOneFrameComeInOrder() throws MalformedFrameException {
        RandomMessages random = new RandomMessages(SEED);
        Command[] commands = new Command[500];
        Arrays.setAll(commands, index -> random.command());

        List<Command> read = read(client.encode(commands), ProtocolLimits.DEFAULTS);

        assertThat(read).containsExactly(commands);
    }

    @Test
    void readerStaysAtTheEnd() throws MalformedFrameException {
        byte[] frame = client.encode(new Command(1, null));
        CommandReader reader = codec.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);
        reader.next();

        assertThat(reader.next()).isNull();
        assertThat(reader.next()).isNull();
    }

    @Test
    void firstRequestByRankWinsWhateverItsPlaceInTheCommand() throws MalformedFrameException {
        for (int first = 0; first < BY_RANK.size(); first++) {
            for (int second = first + 1; second < BY_RANK.size(); second++) {
                Request winner = BY_RANK.get(first);
                Request loser = BY_RANK.get(second);

                assertThat(read(frameOf(3, winner, loser))).containsExactly(new Command(3, winner));
                assertThat(read(frameOf(3, loser, winner))).containsExactly(new Command(3, winner));
            }
        }
    }

    @Test
    void onlyTheGivenRangeOfTheArrayIsRead() throws MalformedFrameException {
        Command command = new Command(9, new Request.Publish("chat", Payload.ofText("[1]")));
        byte[] frame = client.encode(command);
        byte[] array = new byte[frame.length + 20];
        Arrays.fill(array, (byte) 0xff);
        System.arraycopy(frame, 0, array, 10, frame.length);

        CommandReader reader = codec.read(array, 10, frame.length, ProtocolLimits.DEFAULTS);

        assertThat(reader.next()).isEqualTo(command);
        assertThat(reader.next()).isNull();
    }

    @Test
    void restThatIsKeptDoesNotReferToTheArrayOfTheFrame() throws MalformedFrameException {
        Command first = new Command(1, new Request.Publish("chat", Payload.ofText("[1]")));
        Command second = new Command(2, new Request.Publish("news", Payload.ofText("[2]")));
        byte[] frame = client.encode(first, second);
        byte[] array = Arrays.copyOf(frame, frame.length + 20);
        CommandReader reader = codec.read(array, 0, frame.length, ProtocolLimits.DEFAULTS);

        assertThat(reader.next()).isEqualTo(first);
        reader.keep();
        Arrays.fill(array, (byte) 0);
        assertThat(reader.next()).isEqualTo(second);
        reader.keep();
        assertThat(reader.next()).isNull();
    }

    @Test
    void commandsDoNotReferToTheArrayOfTheFrame() throws MalformedFrameException {
        Command command = new Command(9, new Request.Publish("chat", Payload.ofText("{\"text\":\"hi\"}")));
        byte[] frame = client.encode(command);

        List<Command> read = read(frame);
        Arrays.fill(frame, (byte) 0);

        assertThat(read).containsExactly(command);
    }

    @Test
    void dataOfAClientKnowsWhetherItIsJson() throws MalformedFrameException {
        Command command = new Command(1, new Request.Rpc("method", Payload.ofText("{\"a\":\r[1]}")));

        Request.Rpc read = (Request.Rpc) read(client.encode(command)).get(0).request();

        assertThat(read.data().isJson()).isTrue();
        assertThat(read.data().hasLineBreaks()).isTrue();
    }

    @Test
    void emptyFrameIsMalformed() {
        assertMalformed(new byte[0], "A frame must contain at least one command.");
    }

    @Test
    void oneCommandMoreThanTheLimitEndsTheFrameAsTooManyRequests() throws MalformedFrameException {
        Command[] commands = new Command[501];
        Arrays.fill(commands, new Command(1, new Request.Presence("chat")));
        byte[] frame = client.encode(commands);
        CommandReader reader = codec.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);
        for (int count = 0; count < 500; count++) {
            reader.next();
        }

        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(reader::next)
                .withMessage("A frame must not contain more commands than the limit.")
                .satisfies(exception -> assertThat(exception.disconnect()).isEqualTo(Disconnect.TOO_MANY_REQUESTS));
    }

    @Test
    void commandAsLongAsTheLimitPassesAndOneByteMoreDoesNot() throws MalformedFrameException {
        Command command = new Command(1, new Request.Refresh("t".repeat(1_000)));
        byte[] frame = client.encode(command);
        int commandBytes = frame.length - (codec.type() == ProtocolType.PROTOBUF ? 2 : 0);

        assertThat(read(frame, ProtocolLimits.DEFAULTS.withMessageBytes(commandBytes)))
                .containsExactly(command);
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> read(frame, ProtocolLimits.DEFAULTS.withMessageBytes(commandBytes - 1)))
                .withMessage("A command must not be longer than the limit.")
                .satisfies(exception -> assertThat(exception.disconnect()).isEqualTo(Disconnect.BAD_REQUEST));
    }

    @Test
    void tagsFilterMayBeAsDeepAsTheLimitAndNoDeeper() throws MalformedFrameException {
        int limit = ProtocolLimits.DEFAULTS.depth();

        assertThat(read(client.encode(new Command(1, subscribe(filter(limit))))))
                .hasSize(1);
        assertMalformed(
                client.encode(new Command(1, subscribe(filter(limit + 1)))),
                "A tags filter must not be nested deeper than the limit.");
    }

    private static Request subscribe(FilterNode filter) {
        return Request.Subscribe.builder("chat").tagsFilter(filter).build();
    }

    private static FilterNode filter(int depth) {
        List<FilterNode> nodes = depth == 1 ? List.of() : List.of(filter(depth - 1));
        return new FilterNode("not", "", "", "", List.of(), nodes);
    }

    @Test
    void mutatedFramesAreReadOrBreakARule() {
        RandomMessages messages = new RandomMessages(SEED);
        Random random = new Random(SEED);
        int malformed = 0;

        for (int round = 0; round < 30_000; round++) {
            byte[] frame = Mutations.mutate(client.encode(messages.command(), messages.command()), random);
            String description = "round " + round + " of seed " + SEED + ": "
                    + HexFormat.of().formatHex(frame);

            try {
                long allocated = AllocatedBytes.during(() -> read(frame));
                assertThat(allocated).as(description).isLessThan(20_000 + 100L * frame.length);
            } catch (MalformedFrameException expected) {
                malformed++;
            } catch (Exception unexpected) {
                throw new AssertionError(description, unexpected);
            }
        }

        // Mutations that broke nothing, or broke everything, would prove nothing.
        assertThat(malformed).isBetween(3_000, 29_000);
    }

    @Test
    void randomBytesAreReadOrBreakARule() {
        Random random = new Random(SEED);

        for (int round = 0; round < 100_000; round++) {
            byte[] frame = new byte[random.nextInt(40)];
            random.nextBytes(frame);
            try {
                read(frame);
            } catch (MalformedFrameException expected) {
                assertThat(expected).hasMessageEndingWith(".");
            } catch (Exception unexpected) {
                throw new AssertionError(
                        "round " + round + " of seed " + SEED + ": "
                                + HexFormat.of().formatHex(frame),
                        unexpected);
            }
        }
    }

    /** Everything one reader allocates for a publication, in the interpreter, where nothing is optimised away. */
    @Test
    void readingAPublicationAllocatesLittleMoreThanItself() throws Exception {
        byte[] frame =
                client.encode(new Command(7, new Request.Publish("chat:room", Payload.ofText("{\"text\":\"hi\"}"))));
        read(frame);

        long allocated = AllocatedBytes.during(() -> {
            for (int round = 0; round < 1_000; round++) {
                CommandReader reader = codec.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS);
                reader.next();
                reader.next();
            }
        });

        assertThat(allocated / 1_000).isLessThan(400);
    }

    final List<Command> read(byte[] frame) throws MalformedFrameException {
        return read(frame, ProtocolLimits.DEFAULTS);
    }

    final List<Command> read(byte[] frame, ProtocolLimits limits) throws MalformedFrameException {
        CommandReader reader = codec.read(frame, 0, frame.length, limits);
        List<Command> commands = new ArrayList<>();
        for (Command command = reader.next(); command != null; command = reader.next()) {
            commands.add(command);
        }
        return commands;
    }

    final void assertMalformed(byte[] frame, String rule) {
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> read(frame))
                .withMessage(rule)
                .satisfies(exception -> assertThat(exception.disconnect()).isEqualTo(Disconnect.BAD_REQUEST));
    }

    final ProtocolCodec codec() {
        return codec;
    }

    final ClientCodec client() {
        return client;
    }
}
