package dev.realtime.conformance;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The official JavaScript SDK over WebSocket, in both encodings, with and without methods in the server. */
@ExtendWith(ConformanceServer.Ours.class)
abstract class WebSocketOfJavaScriptSdk {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(120));

    @TestFactory
    Stream<DynamicTest> scenariosPassInJson(URI server) {
        return SCRIPT.tests("--all", server.toString(), "json", "websocket");
    }

    @TestFactory
    Stream<DynamicTest> scenariosPassInProtobuf(URI server) {
        return SCRIPT.tests("--all", server.toString(), "protobuf", "websocket");
    }

    @TestFactory
    Stream<DynamicTest> scenariosWithHandlersPass(URI server) {
        return SCRIPT.tests("--all-handlers", server.toString(), "json", "websocket");
    }
}
