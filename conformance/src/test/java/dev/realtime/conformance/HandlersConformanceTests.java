package dev.realtime.conformance;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The official JavaScript SDK calls methods in the server, in both encodings. A reference server has none, so it is
 * never one.
 */
@ExtendWith(ConformanceServer.Ours.class)
class HandlersConformanceTests {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(120));

    @TestFactory
    Stream<DynamicTest> scenariosPassInJson(URI server) {
        return SCRIPT.tests("--all-handlers", server.toString(), "json", "websocket");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassInProtobuf(URI server) {
        return SCRIPT.tests("--all-handlers", server.toString(), "protobuf", "websocket");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverHttpStreaming(URI server) {
        return SCRIPT.tests("--all-handlers", server.toString(), "protobuf", "http_stream");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverServerSentEvents(URI server) {
        return SCRIPT.tests("--all-handlers", server.toString(), "json", "sse");
    }
}
