package dev.realtime.conformance;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The official JavaScript SDK over each of its transports, in both encodings. The scenarios, and what each expects, are
 * in {@code src/test/js/scenarios}.
 */
@ExtendWith(ConformanceServer.class)
class JavaScriptSdkConformanceTests {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(120));

    @TestFactory
    Stream<DynamicTest> scenariosPassOverWebSocketInJson(URI server) {
        return SCRIPT.tests("--all", server.toString(), "json", "websocket");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverWebSocketInProtobuf(URI server) {
        return SCRIPT.tests("--all", server.toString(), "protobuf", "websocket");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverHttpStreamingInJson(URI server) {
        return SCRIPT.tests("--all", server.toString(), "json", "http_stream");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverHttpStreamingInProtobuf(URI server) {
        return SCRIPT.tests("--all", server.toString(), "protobuf", "http_stream");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverServerSentEvents(URI server) {
        return SCRIPT.tests("--all", server.toString(), "json", "sse");
    }
}
