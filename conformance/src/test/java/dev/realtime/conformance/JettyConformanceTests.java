package dev.realtime.conformance;

import java.net.URI;
import org.junit.jupiter.api.Nested;

/**
 * The official SDKs, the published client of the HTTP API, the fuzzer, and the recorded replies on Jetty, as in
 * {@link TomcatConformanceTests}.
 */
@ServedBy(WebServer.JETTY)
class JettyConformanceTests {

    @Nested
    class JavaScriptSdk extends WebSocketOfJavaScriptSdk {}

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
