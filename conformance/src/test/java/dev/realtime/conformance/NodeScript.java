package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A script in {@code src/test/js}, run by Node.js. Ends in time, or is ended with everything it started. */
final class NodeScript {

    private static final Path DIRECTORY =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    private static final String HINT = " Run scripts/test: it installs what the tests need, or names it.";

    private final String name;

    private final Duration limit;

    NodeScript(String name, Duration limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Names of the scenarios the script knows. */
    Stream<String> scenarios() {
        return run("--list").lines();
    }

    /** Runs the script and returns what it printed; fails with that if the script does. */
    String run(String... arguments) {
        if (!Files.isDirectory(DIRECTORY.resolve("node_modules/centrifuge"))) {
            return fail("The packages of conformance/package.json are not installed." + HINT);
        }
        List<String> command = new ArrayList<>(List.of(programOnPath("node"), "src/test/js/" + name));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("node-script", ".log");
            try {
                boolean passed = finished(command, output);
                String printed = Files.readString(output);
                if (!passed) {
                    fail("%s%n%s".formatted(String.join(" ", command), printed));
                }
                return printed;
            } finally {
                Files.delete(output);
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return fail("Interrupted while " + name + " was running.");
        }
    }

    private boolean finished(List<String> command, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            return process.waitFor(limit.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /** The first of these programs that is on the path. */
    static String programOnPath(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(System.getProperty("path.separator")))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() ->
                        fail("None of these programs is on the path: %s.".formatted(String.join(", ", names)) + HINT));
    }
}
