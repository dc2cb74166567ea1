package dev.realtime.conformance;

import java.net.URI;
import org.junit.jupiter.api.Nested;

/**
 * The official SDKs, the published client of the HTTP API, the fuzzer, and the recorded replies on Tomcat. All that a
 * client sees of a container is here: sockets, their close codes, and requests of the HTTP API.
 * {@link ServletAutobahnConformanceTests} has the frames.
 */
@ServedBy(WebServer.TOMCAT)
class TomcatConformanceTests {

    @Nested
    class JavaScriptSdk extends WebSocketOfJavaScriptSdk {}

    @Nested
    class JavaScriptSdkOverStreams extends StreamsOfJavaScriptSdk {}

    @Nested
    class JavaSdk extends JavaSdkConformanceTests {}

    @Nested
    class JavaSdkWithHandlers extends JavaSdkHandlersConformanceTests {}

    @Nested
    class JavaSdkWithTokens extends JavaSdkTokenConformanceTests {}

    @Nested
    class HttpApiClient extends HttpApiClientConformanceTests {

        HttpApiClient(URI server) {
            super(server);
        }
    }

    @Nested
    class Fuzz extends HttpApiFuzz {}

    @Nested
    class Replay extends ReplayConformanceTests {}
}
