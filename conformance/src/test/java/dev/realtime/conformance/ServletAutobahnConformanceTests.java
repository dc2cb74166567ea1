package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The cases of the Autobahn test suite against {@link EchoApplication} on servlet containers. All cases of frames,
 * fragments, UTF-8 and the closing handshake are played, because Tomcat and Jetty have readers of their own; of the
 * long ones (9, 12 and 13) only a few, because {@link AutobahnConformanceTests} plays them all and their length is what
 * they are about.
 */
class ServletAutobahnConformanceTests {

    private static final List<String> TEXT =
            List.of("1.1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.1.1", "9.3.3", "9.5.6", "9.7.6", "10.*");

    private static final List<String> BINARY = List.of("1.2.*", "9.2.1", "9.4.3");

    private static final List<String> COMPRESSED = List.of("12.1.1", "12.1.4", "12.4.7", "13.1.7", "13.2.7", "13.7.7");

    @ParameterizedTest
    @EnumSource(
            value = WebServer.class,
            names = {"TOMCAT", "JETTY"})
    void frames(WebServer server) throws IOException {
        String name = server.name().toLowerCase(Locale.ROOT);
        try (ConfigurableApplicationContext application = EchoApplication.start(server)) {
            Map<String, String> text = Autobahn.run(name + "-text", application, "", TEXT);
            Map<String, String> binary = Autobahn.run(name + "-binary", application, "?format=protobuf", BINARY);

            assertThat(text).hasSizeGreaterThan(240);
            assertThat(binary).hasSize(10);
            Autobahn.assertPassed(text);
            Autobahn.assertPassed(binary);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebServer.class,
            names = {"TOMCAT", "JETTY"})
    void compressedMessages(WebServer server) throws IOException {
        String name = server.name().toLowerCase(Locale.ROOT);
        try (ConfigurableApplicationContext application =
                EchoApplication.start(server, "--realtime.websocket.compression=true")) {
            Map<String, String> behaviour = Autobahn.run(name + "-compressed", application, "", COMPRESSED);

            assertThat(behaviour).hasSameSizeAs(COMPRESSED);
            Autobahn.assertPassed(behaviour);
        }
    }
}
