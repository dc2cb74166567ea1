package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that a test runs in the directory of this module. Ends in time, or is ended with everything it started.
 *
 * @param environment variables beside those of the test
 */
record Program(List<String> command, Map<String, String> environment, Duration limit) {

    static final Path DIRECTORY = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    static final String HINT = " Run scripts/test: it installs what the tests need, or names it.";

    Program(List<String> command, Duration limit) {
        this(command, Map.of(), limit);
    }

    /** Runs it and returns what it printed; fails with that if the program does. */
    String run() {
        try {
            Path output = Files.createTempFile("program", ".log");
            try {
                boolean passed = finished(output);
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
            return fail("Interrupted while " + command.get(0) + " was running.");
        }
    }

    private boolean finished(Path output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            return process.waitFor(limit.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /** The first of these programs that is on the path, or where Debian keeps servers. */
    static String onPath(String... names) {
        String path = System.getenv("PATH") + System.getProperty("path.separator") + "/usr/sbin";
        return Arrays.stream(names)
                .flatMap(name -> Arrays.stream(path.split(System.getProperty("path.separator")))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() ->
                        fail("None of these programs is on the path: %s.".formatted(String.join(", ", names)) + HINT));
    }

    /** The browser. */
    static String chromium() {
        return onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    }

    /** A program of the packages in {@code requirements.txt}. */
    static String ofPython(String name) {
        Path program = DIRECTORY.resolve(".venv/bin").resolve(name);
        if (!Files.isExecutable(program)) {
            return fail("The packages of conformance/requirements.txt are not installed." + HINT);
        }
        return program.toString();
    }
}
