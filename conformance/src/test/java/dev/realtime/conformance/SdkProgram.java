package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Client of an official SDK of another language: a program that connects, subscribes, prints a line of JSON for each
 * event and disconnects when it is asked to.
 */
final class SdkProgram implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final JsonMapper JSON = new JsonMapper();

    final String user = UUID.randomUUID().toString();

    private final List<String> printed = new CopyOnWriteArrayList<>();

    private final Process process;

    private final Writer input;

    private SdkProgram(List<String> command, URI server, List<String> arguments) {
        List<String> all = new ArrayList<>(command);
        all.add(server.toString().replaceFirst("http", "ws") + "/connection/websocket");
        all.add(new Identity(user, "{}").token());
        all.addAll(arguments);
        try {
            process = new ProcessBuilder(all)
                    .directory(Program.DIRECTORY.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
        input = process.outputWriter();
        Thread reader = new Thread(this::read, "sdk-program");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it; returns when it is subscribed.
     *
     * @param command the program, which takes address, token and the other arguments
     * @param encoding {@code json} or {@code protobuf}
     * @param channels each with the option that the program knows, such as {@code +delta}
     */
    static SdkProgram subscribed(List<String> command, URI server, String encoding, String... channels) {
        List<String> arguments = new ArrayList<>(List.of(encoding));
        arguments.addAll(List.of(channels));
        SdkProgram program = new SdkProgram(command, server, arguments);
        try {
            program.awaits("subscribed", channels.length);
        } catch (Throwable late) {
            program.close();
            throw late;
        }
        return program;
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                printed.add(line);
            }
        } catch (IOException ended) {
            printed.add(ended.toString());
        }
    }

    private List<JsonNode> events(Predicate<JsonNode> which) {
        return printed.stream()
                .filter(line -> line.startsWith("{"))
                .map(JSON::readTree)
                .filter(which)
                .toList();
    }

    /** Events of a kind so far. */
    List<JsonNode> events(String kind) {
        return events(event -> event.path("event").stringValue("").equals(kind));
    }

    /** Waits until there are so many events of a kind, and returns them. */
    List<JsonNode> awaits(String kind, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(kind))
                        .as(() -> kind + " among " + printed)
                        .hasSizeGreaterThanOrEqualTo(count));
        return events(kind);
    }

    /** Waits until so many publications of a channel were received, and returns their data by offset, as text. */
    List<String> hears(String channel, int count) {
        Predicate<JsonNode> publication =
                event -> event.path("event").stringValue("").equals("publication")
                        && event.path("channel").stringValue("").equals(channel);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(publication))
                        .as(() -> "publications in " + channel + " among " + printed)
                        .hasSizeGreaterThanOrEqualTo(count));
        return events(publication).stream()
                .map(event -> event.path("offset").asLong() + " " + event.path("data"))
                .toList();
    }

    /** Disconnects, returns when it has, and keeps its position. */
    void goOffline() {
        int before = events("disconnected").size();
        say("offline");
        awaits("disconnected", before + 1);
    }

    /** Connects again. */
    void comeBack() {
        say("online");
    }

    private void say(String command) {
        try {
            input.write(command + "\n");
            input.flush();
        } catch (IOException ended) {
            throw new UncheckedIOException(command + " to " + printed, ended);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
