package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A script in {@code src/test/js}, run by Node.js. Ends in time, or is ended with everything it started. */
final class NodeScript {

    private final String name;

    private final Duration limit;

    NodeScript(String name, Duration limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Names of the scenarios the script knows. */
    Stream<String> scenarios() {
        return scenarios("--list");
    }

    /** Names of the scenarios of one kind. */
    Stream<String> scenarios(String list) {
        return run(list).lines();
    }

    /** Runs the script and returns what it printed; fails with that if the script does. */
    String run(String... arguments) {
        if (!Files.isDirectory(Program.DIRECTORY.resolve("node_modules/centrifuge"))) {
            return fail("The packages of conformance/package.json are not installed." + Program.HINT);
        }
        List<String> command = new ArrayList<>(List.of(Program.onPath("node"), "src/test/js/" + name));
        command.addAll(List.of(arguments));
        return new Program(command, limit).run();
    }
}
