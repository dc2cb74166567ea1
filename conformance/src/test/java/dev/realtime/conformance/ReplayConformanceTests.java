package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random scripts, of which every answer is compared with that of the reference server, in both encodings.
 *
 * <p>Without {@code -Dreference.url=} the replies are those recorded in {@code replay/recorded.txt}. With it they come
 * from there, and {@code -Dreplay.seeds=} says how many scripts are played; {@code -Dreplay.write=true} records the
 * first ones again. What differs on purpose is in {@link IntendedDifference}, and no script asks for it.
 */
@ExtendWith(ConformanceServer.Ours.class)
class ReplayConformanceTests {

    private static final String REFERENCE_URL = System.getProperty("reference.url", "");

    private static final int RECORDED_SEEDS = 16;

    private static final Path RECORD = Path.of("src/test/resources/replay/recorded.txt");

    private static final Map<Long, List<String>> RECORDED = recorded();

    static LongStream seeds() {
        int count = REFERENCE_URL.isEmpty() ? RECORDED_SEEDS : Integer.getInteger("replay.seeds", 50);
        return LongStream.rangeClosed(1, count);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scriptIsAnsweredAsByTheReferenceServer(long seed, URI ours) throws IOException {
        ReplayScript script = ReplayScript.ofSeed(seed);

        List<String> expected = expected(seed, script);

        assertThat(ReplayRun.of(script, ours, false, false)).as("in JSON").isEqualTo(expected);
        assertThat(ReplayRun.of(script, ours, true, false)).as("in Protobuf").isEqualTo(expected);
    }

    private static List<String> expected(long seed, ReplayScript script) throws IOException {
        if (REFERENCE_URL.isEmpty()) {
            return RECORDED.get(seed);
        }
        List<String> json = ReplayRun.of(script, URI.create(REFERENCE_URL), false, false);
        List<String> protobuf = ReplayRun.of(script, URI.create(REFERENCE_URL), true, false);
        assertThat(protobuf).as("the reference server in both encodings").isEqualTo(json);
        if (Boolean.getBoolean("replay.write") && seed <= RECORDED_SEEDS) {
            RECORDED.put(seed, json);
            write();
        }
        return json;
    }

    private static void write() throws IOException {
        List<String> lines = new ArrayList<>();
        RECORDED.forEach((seed, transcript) -> {
            lines.add("seed " + seed);
            lines.addAll(transcript);
        });
        Files.createDirectories(RECORD.getParent());
        Files.write(RECORD, lines);
    }

    private static Map<Long, List<String>> recorded() {
        Map<Long, List<String>> recorded = new TreeMap<>();
        try (InputStream record = ReplayConformanceTests.class.getResourceAsStream("/replay/recorded.txt")) {
            List<String> current = new ArrayList<>();
            for (String line : record == null
                    ? List.<String>of()
                    : new String(record.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList()) {
                if (line.startsWith("seed ")) {
                    current = new ArrayList<>();
                    recorded.put(Long.valueOf(line.substring(5)), current);
                } else {
                    current.add(line);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return recorded;
    }

    @ParameterizedTest
    @EnumSource
    void intendedDifferenceIsAsListed(IntendedDifference difference, URI ours) {
        for (boolean protobuf : new boolean[] {false, true}) {
            assertThat(last(ReplayRun.of(difference.script(), ours, protobuf, true)))
                    .isEqualTo(difference.ours());
        }
    }

    @ParameterizedTest
    @EnumSource
    void intendedDifferenceStillDiffers(IntendedDifference difference) {
        assertThat(difference.reference()).isNotEqualTo(difference.ours());
        if (!REFERENCE_URL.isEmpty()) {
            assertThat(last(ReplayRun.of(difference.script(), URI.create(REFERENCE_URL), false, true)))
                    .as("of the reference server; if it replies as this server does, the entry must go")
                    .isEqualTo(difference.reference());
        }
    }

    private static String last(List<String> transcript) {
        return transcript.get(transcript.size() - 1).trim();
    }
}
