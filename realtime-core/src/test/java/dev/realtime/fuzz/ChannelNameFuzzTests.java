package dev.realtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Any text as the name of a channel, from clients and from the application, and any text as a pattern of names. What
 * clients may subscribe to are the names that the rules allow, and no others; each is found by the pattern that spells
 * it out.
 */
@ExtendWith(BufferLeaks.class)
class ChannelNameFuzzTests {

    private static final int CASES_PER_SERVER = 250;

    private static final String[] PARTS = {
        "a",
        "news",
        "room",
        ":",
        "::",
        "#",
        "$",
        ",",
        "*",
        "**",
        "?",
        "[",
        "]",
        "[!",
        "{",
        "}",
        "{a,b}",
        "{}",
        "\\",
        "-",
        "..",
        "/",
        " ",
        "\r\n",
        "\0",
        "é",
        "漢",
        "😀",
        "%7B",
        "#{T(a)}",
        "a".repeat(120),
        "*a".repeat(30),
        "{".repeat(255)
    };

    private static final Access ANYONE = new Access(true, true, true);

    private static final ClientCodec CODEC = ClientCodec.of(ProtocolType.PROTOBUF);

    private ScriptedServer server = start();

    private int cases;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void namesAreTakenAsTheyAreOrRefusedByRule() {
        Campaign.onThisThread("channel-names").run(ChannelNameFuzzTests::nameAndPattern, pieces -> {
            anotherServerFromTimeToTime();
            String name = text(pieces.get(0));

            askTheNode(name, text(pieces.get(pieces.size() - 1)));
            boolean subscribed = subscribe(name);

            assertThat(subscribed).isEqualTo(admitted(name));
        });
    }

    private static List<byte[]> nameAndPattern(Random random) {
        return List.of(bytes(random), bytes(random));
    }

    private static byte[] bytes(Random random) {
        if (random.nextInt(8) == 0) {
            return Pieces.noise(random);
        }
        StringBuilder name = new StringBuilder();
        for (int count = random.nextInt(5); count > 0; count--) {
            name.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return name.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Calls of an application with arbitrary names: a result, or the error for it. */
    private void askTheNode(String name, String pattern) {
        List.<Runnable>of(
                        () -> server.publish(name, 1),
                        () -> server.await(server.node().channels().position(name)),
                        () -> server.await(server.node().presence().presence(name)),
                        () -> server.await(server.node().channels().subscribe(name, name)),
                        () -> server.await(server.node().channels().list(pattern)))
                .forEach(call -> {
                    try {
                        call.run();
                    } catch (RealtimeException refused) {
                        assertThat(refused).hasMessageEndingWith(".");
                    }
                });
    }

    private boolean subscribe(String name) {
        ScriptedClient client = server.client(WireForm.PROTOBUF_WEBSOCKET, null);
        client.send(CODEC.encode(
                new Command(1, new Request.Connect("", null, Map.of(), "", "", Map.of())),
                new Command(2, Request.Subscribe.to(name)),
                new Command(3, new Request.Publish(name, null))));
        boolean subscribed = client.takeBytes().stream()
                .flatMap(message -> CODEC.decode(message).stream())
                .anyMatch(message -> message instanceof Reply.Success reply && reply.id() == 2);
        if (subscribed && name.length() < 128) {
            assertThat(server.await(server.node().channels().list(spelledOut(name))))
                    .containsOnlyKeys(name);
        }
        client.drop();
        return subscribed;
    }

    private static String spelledOut(String name) {
        StringBuilder pattern = new StringBuilder();
        name.chars().forEach(character -> pattern.append('\\').append((char) character));
        return pattern.toString();
    }

    /** The documented rules, said once more. */
    private static boolean admitted(String name) {
        if (name.isEmpty() || name.length() > 255 || name.chars().anyMatch(character -> character > 127)) {
            return false;
        }
        if (name.startsWith("$") || name.contains("#")) {
            return false;
        }
        String namespace = name.contains(":") ? name.substring(0, name.indexOf(':')) : "";
        return switch (namespace) {
            case "", "news" -> true;
            case "ab" -> name.matches("ab:[a-z]+");
            default -> false;
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
                .withoutNamespace(ChannelNameFuzzTests::open)
                .namespace("ab", options -> open(options).channelRegex(Pattern.compile("^[a-z]+\\z")))
                .namespace(
                        "news",
                        options -> open(options)
                                .history(new HistoryOptions(3, Duration.ofSeconds(300), Duration.ofSeconds(600))))
                .start();
    }

    private static ChannelOptions.Builder open(ChannelOptions.Builder options) {
        return options.presence(true)
                .subscribeAccess(ANYONE)
                .publishAccess(ANYONE)
                .presenceAccess(ANYONE)
                .historyAccess(ANYONE)
                .allowUserLimitedChannels(true);
    }
}
