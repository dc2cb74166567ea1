package dev.realtime.conformance;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A property-based fuzzer drives the sample with what {@code docs/openapi.yaml} says of the HTTP API: no request makes
 * the server fail, every answer is one the document describes, and nothing is answered without the key.
 */
@ExtendWith(SampleServer.class)
class HttpApiFuzzConformanceTests {

    private static final Path DOCUMENT = Program.DIRECTORY.resolveSibling("docs/openapi.yaml");

    /**
     * Not unsupported_method: the firewall of Spring Security in the sample replies 400 to TRACE before the API is
     * asked.
     */
    private static final String CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,"
            + "response_schema_conformance,ignored_auth,allow_header_conformance";

    /** The same each time, so that a build finds what the one before it found; {@code -Dfuzz.seed=} tries another. */
    private static final String SEED = System.getProperty("fuzz.seed", "20240229");

    private final URI sample;

    HttpApiFuzzConformanceTests(URI sample) {
        this.sample = sample;
    }

    @Test
    void noRequestBreaksTheServer() {
        fuzz(sample, SampleServer.API_KEY, 40, "--header", "X-Centrifugo-Error-Mode: reply");
    }

    /**
     * Left out are the two methods with a refusal that is an internal error by definition, and so a 500 in this mode.
     */
    @Test
    void noRequestBreaksTheServerWhereErrorsAreStatuses() {
        fuzz(
                sample,
                SampleServer.API_KEY,
                20,
                "--header",
                "X-Centrifugo-Error-Mode: transport",
                "--exclude-path-regex",
                "/(subscribe|channels)$");
    }

    static void fuzz(URI server, String key, int seconds, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Program.ofPython("schemathesis"),
                "run",
                DOCUMENT.toString(),
                "--url",
                server + "/api",
                "--header",
                "X-API-Key: " + key,
                "--checks",
                CHECKS,
                "--phases",
                "examples,coverage,fuzzing",
                "--max-time",
                String.valueOf(seconds),
                "--seed",
                SEED));
        command.addAll(List.of(options));

        new Program(command, Duration.ofSeconds(seconds + 60)).run();
    }
}
