package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients behind the proxies of {@code docs/proxies.md}, which spread requests over two nodes without sticky sessions:
 * the official JavaScript SDK over each of its transports and with a list of them, in Node.js and in a browser, and
 * {@code curl}. The last test shuts a node down.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryNetworkConformanceTests {

    private static final NodeScript SCRIPT = new NodeScript("play.mjs", Duration.ofSeconds(180));

    private static final NodeScript PAGES = new NodeScript("browse-network.mjs", Duration.ofSeconds(120));

    private static final Pattern COMMAND = Pattern.compile("(?ms)^```shell\\n(curl -N .*?)\\n```$");

    private static final Pattern PUSHES = Pattern.compile("(?ms)^```\\n(\\{\"connect\".*?)\\n```$");

    private static TwoNodes nodes;

    private static Proxy nginx;

    private static Proxy haproxy;

    @BeforeAll
    static void start() {
        nodes = TwoNodes.start();
        nginx = Proxy.start(Proxy.Kind.NGINX, nodes);
        haproxy = Proxy.start(Proxy.Kind.HAPROXY, nodes);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable part : new AutoCloseable[] {haproxy, nginx, nodes}) {
            close(part);
        }
    }

    private static void close(AutoCloseable part) {
        if (part != null) {
            try {
                part.close();
            } catch (Exception unclosed) {
                throw new IllegalStateException(unclosed);
            }
        }
    }

    @Test
    @Order(1)
    void commandsOfThePageReceiveThePushesOfThePage() throws Exception {
        String page = page();
        List<String> commands =
                COMMAND.matcher(page).results().map(match -> match.group(1)).toList();
        assertThat(commands).hasSize(2).anyMatch(command -> command.contains("uni_sse"));
        List<Curl> clients = List.of(
                Curl.run(commands.get(0), nginx.url()),
                Curl.run(commands.get(1), nginx.url()),
                Curl.run(commands.get(0), haproxy.url()),
                Curl.run(commands.get(1), haproxy.url()));
        try {
            eventually()
                    .untilAsserted(() -> assertThat(clients)
                            .allSatisfy(client -> assertThat(client.pushes())
                                    .first()
                                    .asString()
                                    .matches(pushes(page).get(0))));

            nodes.call(1, "publish", "{\"channel\":\"news\",\"data\":{\"text\":\"hello\"}}");

            for (String push : pushes(page).subList(1, 3)) {
                eventually()
                        .untilAsserted(() -> assertThat(clients)
                                .allSatisfy(client ->
                                        assertThat(client.pushes()).anyMatch(received -> received.matches(push))));
            }
        } finally {
            clients.forEach(Curl::close);
        }
    }

    @TestFactory
    @Order(2)
    Stream<DynamicTest> scenariosPassBehindNginx() {
        return scenariosBehind(nginx);
    }

    @TestFactory
    @Order(3)
    Stream<DynamicTest> scenariosPassBehindHaproxy() {
        return scenariosBehind(haproxy);
    }

    private static Stream<DynamicTest> scenariosBehind(Proxy proxy) {
        return SCRIPT.tests("--all-network", proxy.url().toString(), json(new Places(proxy)));
    }

    /** Addresses of a proxy for the scripts. */
    private record Places(String url, String blocked, String eventsOnly) {

        Places(Proxy proxy) {
            this(
                    proxy.url().toString(),
                    proxy.blocked().toString(),
                    proxy.eventsOnly().toString());
        }
    }

    @TestFactory
    @Order(4)
    Stream<DynamicTest> pagesInABrowserPassBehindBoth() {
        return Stream.of(nginx, haproxy).flatMap(proxy -> PAGES.tests(json(new Places(proxy)), Program.chromium()));
    }

    @TestFactory
    @Order(5)
    Stream<DynamicTest> clientsOfANodeThatShutsDownContinueAtTheOther() throws Exception {
        record Network(List<String> proxies, String survivor, String shutDown) {}
        String page = page();
        HttpServer control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        control.createContext("/", exchange -> {
            nodes.shutDown(0);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        control.start();
        try (Curl client = Curl.run(
                COMMAND.matcher(page).results().findFirst().orElseThrow().group(1), nodes.url(0))) {
            eventually().untilAsserted(() -> assertThat(client.pushes()).isNotEmpty());

            List<DynamicTest> tests = SCRIPT.tests(
                            "--shutdown",
                            nodes.url(1).toString(),
                            json(new Network(
                                    List.of(
                                            nginx.url().toString(),
                                            haproxy.url().toString()),
                                    nodes.url(1).toString(),
                                    "http://127.0.0.1:" + control.getAddress().getPort())))
                    .toList();

            eventually().until(client::isEnded);
            assertThat(client.pushes()).last().asString().matches(pushes(page).get(3));
            return tests.stream();
        } finally {
            control.stop(0);
        }
    }

    private static String page() throws IOException {
        return Files.readString(Program.DIRECTORY.resolveSibling("docs/transports.md"));
    }

    /** Patterns of the pushes that the page shows, whose ids and ping interval are those of another server. */
    private static List<String> pushes(String page) {
        return PUSHES.matcher(page)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .lines()
                .map(line ->
                        Pattern.quote(line).replace("…", "\\E[^\"]+\\Q").replace("\"ping\":25", "\"ping\":\\E\\d+\\Q"))
                .toList();
    }

    private static String json(Object value) {
        return new JsonMapper().writeValueAsString(value);
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
