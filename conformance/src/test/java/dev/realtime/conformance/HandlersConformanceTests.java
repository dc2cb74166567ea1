package dev.realtime.conformance;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The official JavaScript SDK calls methods in the server, in both encodings. A reference server has none, so it is
 * never one.
 */
@ExtendWith(ConformanceServer.Ours.class)
class HandlersConformanceTests {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(40));

    static Stream<String> scenarios() {
        return SCRIPT.scenarios("--list-handlers");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void scenarioPassesInJson(String scenario, URI server) {
        SCRIPT.run(scenario, server.toString(), "json");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void scenarioPassesInProtobuf(String scenario, URI server) {
        SCRIPT.run(scenario, server.toString(), "protobuf");
    }
}
