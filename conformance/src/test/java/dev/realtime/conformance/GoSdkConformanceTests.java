package dev.realtime.conformance;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The official Go SDK, in both encodings. */
class GoSdkConformanceTests extends SdkOfAnotherLanguage {

    private static final String PROGRAM = "target/go-sdk-client";

    GoSdkConformanceTests(TwoNodes nodes) {
        super(nodes);
    }

    /** Go keeps what it has compiled, so that this takes time once on a machine. */
    @BeforeAll
    static void build() {
        String build = "cd src/test/go && exec '%s' build -buildvcs=false -o '%s' ."
                .formatted(Program.onPath("go"), Program.DIRECTORY.resolve(PROGRAM));
        new Program(List.of("/bin/sh", "-c", build), Duration.ofMinutes(5)).run();
    }

    @Override
    List<String> program() {
        return List.of(Program.DIRECTORY.resolve(PROGRAM).toString());
    }
}
