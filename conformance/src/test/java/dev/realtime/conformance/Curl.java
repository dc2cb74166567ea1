package dev.realtime.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command of {@code curl} as a page prints it, running, with what it has received. */
final class Curl implements AutoCloseable {

    private final Process process;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Curl(Process process) {
        this.process = process;
    }

    /** Runs a command for {@code http://localhost:8080} at another address. */
    static Curl run(String command, URI server) {
        String there = command.replace("http://localhost:8080", server.toString())
                .replaceFirst("^curl", "exec curl --silent --show-error");
        try {
            Curl curl = new Curl(new ProcessBuilder(Program.onPath("bash"), "-c", there)
                    .redirectErrorStream(true)
                    .start());
            Thread reader = new Thread(curl::read, "curl-output");
            reader.setDaemon(true);
            reader.start();
            return curl;
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException closed) {
            lines.add("broken: " + closed);
        }
    }

    /** The pushes so far, of events without the names of their fields. */
    List<String> pushes() {
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("id:"))
                .map(line -> line.replaceFirst("^data: ", ""))
                .toList();
    }

    /** Whether the server has ended the response. */
    boolean isEnded() {
        return !process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
