package dev.realtime.conformance;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The official JavaScript SDK over HTTP streaming and server-sent events. */
@ExtendWith(ConformanceServer.Ours.class)
abstract class StreamsOfJavaScriptSdk {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(120));

    @TestFactory
    Stream<DynamicTest> scenariosPassOverHttpStreaming(URI server) {
        return SCRIPT.tests("--all", server.toString(), "protobuf", "http_stream");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassOverServerSentEvents(URI server) {
        return SCRIPT.tests("--all", server.toString(), "json", "sse");
    }
}
