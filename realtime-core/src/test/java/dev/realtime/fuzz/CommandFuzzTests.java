package dev.realtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.RandomMessages;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/**
 * Clients send whatever they like, in frames of both encodings, to a node that permits them everything. Each is
 * answered in well-formed messages or disconnected with a code that blames the client, and leaves nothing behind.
 */
@ExtendWith(BufferLeaks.class)
class CommandFuzzTests {

    /** Keeps the clients of so many cases; then its end must find nothing of them left. */
    private static final int CASES_PER_SERVER = 250;

    private static final String[] CHANNELS = {"a", "b", "news:a", "news:b", "nowhere:a", "$a", "a#42", ""};

    private static final Access ANYONE = new Access(true, true, true);

    private ScriptedServer server = start();

    private int cases;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void jsonCommandsAreAnsweredOrTheClientIsDisconnected() {
        run("json-commands", WireForm.JSON_WEBSOCKET, ProtocolType.JSON);
    }

    @Test
    void protobufCommandsAreAnsweredOrTheClientIsDisconnected() {
        run("protobuf-commands", WireForm.PROTOBUF_WEBSOCKET, ProtocolType.PROTOBUF);
    }

    private void run(String name, WireForm form, ProtocolType type) {
        ClientCodec codec = ClientCodec.of(type);
        Campaign.onThisThread(name).run(random -> conversation(random, codec), pieces -> {
            anotherServerFromTimeToTime();
            ScriptedClient client = server.client(form, null);
            pieces.stream().takeWhile(piece -> client.closedWith() == null).forEach(client::send);
            server.pass(Duration.ofMillis(100));

            client.takeBytes().forEach(codec::decode);
            Disconnect disconnect = client.closedWith();
            client.drop();
            assertThat(disconnect)
                    .isIn(
                            null,
                            Disconnect.BAD_REQUEST,
                            Disconnect.TOO_MANY_REQUESTS,
                            Disconnect.TOO_MANY_ERRORS,
                            Disconnect.INVALID_TOKEN,
                            Disconnect.EXPIRED,
                            Disconnect.INAPPROPRIATE_PROTOCOL);
        });
    }

    /** Most clients connect first, because otherwise nothing else is read. */
    private static List<byte[]> conversation(Random random, ClientCodec codec) {
        List<byte[]> frames = new ArrayList<>();
        if (random.nextInt(8) > 0) {
            frames.add(codec.encode(new Command(1, new Request.Connect("", null, Map.of(), "", "", Map.of()))));
        }
        RandomMessages anything = new RandomMessages(random.nextLong());
        frames.addAll(Pieces.random(random, 6, any -> frame(any, codec, anything)));
        return frames;
    }

    private static byte[] frame(Random random, ClientCodec codec, RandomMessages anything) {
        Command[] commands = new Command[1 + random.nextInt(3)];
        for (int index = 0; index < commands.length; index++) {
            commands[index] = random.nextInt(4) == 0
                    ? anything.command()
                    : new Command(2L + random.nextInt(1_000), request(random));
        }
        return codec.encode(commands);
    }

    /**
     * What makes sense to a server that has these channels, and so gets further than what {@link RandomMessages} makes
     * up.
     */
    private static Request request(Random random) {
        String channel = CHANNELS[random.nextInt(CHANNELS.length)];
        StreamPosition position = new StreamPosition(random.nextInt(5), random.nextBoolean() ? "" : "epoch");
        return switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                Request.Subscribe.builder(channel)
                        .recover(random.nextBoolean())
                        .epoch(position.epoch())
                        .offset(position.offset())
                        .positioned(random.nextBoolean())
                        .recoverable(random.nextBoolean())
                        .joinLeave(random.nextBoolean())
                        .flag(random.nextInt(3))
                        .build();
            case 3, 4 -> new Request.Publish(channel, Payload.ofText("{\"a\":[1,\"é\"]}"));
            case 5 -> new Request.History(channel, random.nextInt(7) - 1, position, random.nextBoolean());
            case 6 -> new Request.Presence(channel);
            case 7 -> new Request.Rpc("echo", Payload.ofText("[1]"));
            default -> new Request.Unsubscribe(channel);
        };
    }

    private void anotherServerFromTimeToTime() {
        if (++cases % CASES_PER_SERVER == 0) {
            server.close();
            server = start();
        }
    }

    private static ScriptedServer start() {
        return ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO))
                .authenticator(context -> Mono.just(Authentication.of("42")))
                .rpc((client, method, data) -> Mono.justOrEmpty(data))
                .messages((client, data) -> Mono.empty())
                .withoutNamespace(CommandFuzzTests::open)
                .namespace(
                        "news",
                        options -> open(options)
                                .history(new HistoryOptions(3, Duration.ofSeconds(300), Duration.ofSeconds(600)))
                                .forceRecovery(true))
                .start();
    }

    private static ChannelOptions.Builder open(ChannelOptions.Builder options) {
        return options.presence(true)
                .joinLeave(true)
                .forcePushJoinLeave(true)
                .subscribeAccess(ANYONE)
                .publishAccess(ANYONE)
                .presenceAccess(ANYONE)
                .historyAccess(ANYONE)
                .allowUserLimitedChannels(true);
    }
}
