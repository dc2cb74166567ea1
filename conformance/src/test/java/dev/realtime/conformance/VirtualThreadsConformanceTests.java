package dev.realtime.conformance;

import java.net.URI;
import org.junit.jupiter.api.Nested;

/**
 * The SDKs and the HTTP API on Tomcat with {@code spring.threads.virtual.enabled=true}. On a JDK without virtual
 * threads the property has no effect, and the tests pass all the same.
 */
@ServedBy(value = WebServer.TOMCAT, virtualThreads = true)
class VirtualThreadsConformanceTests {

    @Nested
    class JavaScriptSdk extends WebSocketOfJavaScriptSdk {}

    @Nested
    class JavaSdkWithHandlers extends JavaSdkHandlersConformanceTests {}

    @Nested
    class HttpApiClient extends HttpApiClientConformanceTests {

        HttpApiClient(URI server) {
            super(server);
        }
    }
}
