package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The steps of the sample's {@code Dockerfile}, executed without a container: each stage is a directory, and
 * {@code java} is the JVM of the build. Refuses instructions that it does not know.
 *
 * @param directory of the last stage
 * @param check command that checks whether the container is healthy
 * @param command entry point
 */
record ContainerImage(Path directory, List<String> check, List<String> command) {

    /** JDK 25 has a cache where earlier ones have an archive. */
    private static final Map<String, String> OPTIONS = Runtime.version().feature() >= 25
            ? Map.of()
            : Map.of(
                    "-XX:AOTCacheOutput=app.aot", "-XX:ArchiveClassesAtExit=app.jsa",
                    "-XX:AOTCache=app.aot", "-XX:SharedArchiveFile=app.jsa");

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private static final CopyOption[] AS_IT_IS = {StandardCopyOption.COPY_ATTRIBUTES};

    /**
     * @param context directory of the {@code Dockerfile}
     * @param scratch empty directory for the stages
     */
    static ContainerImage build(Path context, Path scratch) throws Exception {
        Map<String, Path> stages = new HashMap<>();
        Path stage = scratch;
        List<String> check = List.of();
        for (String line : instructions(context)) {
            String[] words = line.split("\\s+");
            switch (words[0]) {
                case "FROM" -> {
                    stage = Files.createDirectory(scratch.resolve("stage" + stages.size()));
                    stages.put(words.length == 4 ? words[3] : "", stage);
                }
                case "WORKDIR" -> assertThat(words[1]).isEqualTo("/app");
                case "COPY" -> {
                    Path from = words.length == 4
                            ? inStage(stages.get(words[1].substring("--from=".length())), words[2])
                            : context.resolve(words[1]);
                    copy(from, stage.resolve(words[words.length - 1]));
                }
                case "RUN" -> run(command(List.of(words).subList(1, words.length)), stage);
                case "HEALTHCHECK" -> check = quoted(line);
                case "ENTRYPOINT" -> {
                    return new ContainerImage(stage, check, command(quoted(line)));
                }
                default -> assertThat(words[0]).isIn("USER", "EXPOSE");
            }
        }
        throw new IllegalStateException("no ENTRYPOINT");
    }

    private static List<String> quoted(String line) {
        return QUOTED.matcher(line)
                .results()
                .map(quoted -> quoted.group(1).replace("\\\\", "\\"))
                .toList();
    }

    private static List<String> instructions(Path context) throws IOException {
        return Files.readAllLines(context.resolve("Dockerfile")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static Path inStage(Path stage, String path) {
        assertThat(path).startsWith("/app/");
        return stage.resolve(path.substring("/app/".length()));
    }

    private static void copy(Path from, Path to) throws IOException {
        Path parent = from.getParent();
        String name = from.getFileName().toString();
        if (name.contains("*")) {
            try (DirectoryStream<Path> matching = Files.newDirectoryStream(parent, name)) {
                List<Path> found = new ArrayList<>();
                matching.forEach(found::add);
                assertThat(found).as("one file for %s", from).hasSize(1);
                Files.copy(found.get(0), to, AS_IT_IS);
            }
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, AS_IT_IS);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }

    private static List<String> command(List<String> words) {
        assertThat(words.get(0)).isEqualTo("java");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.stream().skip(1).map(word -> OPTIONS.getOrDefault(word, word)).forEach(command::add);
        return command;
    }

    private static void run(List<String> command, Path directory) throws Exception {
        Path output = directory.resolveSibling(directory.getFileName() + ".log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as("end of %s", command)
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
