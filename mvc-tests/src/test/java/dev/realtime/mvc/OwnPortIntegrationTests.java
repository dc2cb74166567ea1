package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.actuate.RealtimeEndpoint;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.template.RealtimeTemplate;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClientBuilder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The port of its own in an application with Spring MVC on Tomcat and Spring Security. */
class OwnPortIntegrationTests {

    private static final String PATH = "/connection/websocket";

    private static final String[] NONE = {};

    private static final String[] PORT = {"realtime.server.port=0"};

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = run(PORT);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static ConfigurableApplicationContext run(String... properties) {
        return new SpringApplicationBuilder(MvcApplication.class)
                .properties(
                        "server.port=0",
                        "realtime.http-api.key=a-key-that-is-long-enough-to-pass",
                        "realtime.client.token.hmac-secret-key=0123456789abcdef0123456789abcdef",
                        "spring.datasource.generate-unique-name=true")
                .properties(properties)
                .run();
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.realtime.port", Integer.class);
    }

    private static int portOfTomcat() {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static RealtimeTestClientBuilder client(ConfigurableApplicationContext context) {
        return RealtimeTestClient.bindToServer("ws://localhost:" + port(context) + PATH);
    }

    private static RealtimeTestClientBuilder ann(ConfigurableApplicationContext context) {
        return client(context).token(context.getBean(RealtimeTokenIssuer.class).connectionToken("ann"));
    }

    @Test
    void clientWithATokenReceivesWhatTheApplicationPublishes() {
        try (RealtimeTestClient client = ann(application).connect()) {
            var orders = client.subscribe("orders:ann");

            application.getBean(RealtimeTemplate.class).publish("orders:ann", new Order(7));

            assertThat(orders.awaitPublication(Order.class)).isEqualTo(new Order(7));
            assertThat(client.rpc("whoAmI").data(String.class)).isEqualTo("ann");
            client.rpc("cancel", new Order(7)).expectError(103);
            client.subscribe("orders:bob").expectError(103);
        }
    }

    @Test
    void endpointOfActuatorShowsThePort() {
        try (ConfigurableApplicationContext other =
                run("realtime.server.port=0", "management.endpoints.web.exposure.include=realtime")) {
            assertThat(other.getBean(RealtimeEndpoint.class).overview().block().port())
                    .isEqualTo(port(other));
        }
    }

    @Test
    void userOfTheHttpRequestIsNotKnown() {
        try (RealtimeTestClient client =
                client(application).header("Authorization", BASIC).tryConnect()) {
            client.expectDisconnect(3501);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404",
        "GET, /orders, 404",
        "POST, /orders, 404",
        "POST, /api/publish, 404",
        "GET, /connection, 404",
        "GET, /connection/websocket/x, 404",
        "GET, /actuator/health, 404",
        "GET, /login, 404",
        "GET, /connection/websocket, 400",
        "POST, /connection/websocket, 405"
    })
    void onlyTheEndpointsForClientsAreServed(String method, String path, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port(application) + path))
                .header("X-API-Key", "a-key-that-is-long-enough-to-pass")
                .header("Authorization", BASIC)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString("{\"channel\":\"orders:ann\",\"data\":1}"))
                .build();

        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void pageOfTheSameHostAndPortMayConnect() {
        try (RealtimeTestClient client = ann(application)
                .header("Origin", "http://localhost:" + port(application))
                .connect()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void pageOfAnotherHostIsRefused() {
        isRefused("http://example.org");
    }

    @Test
    void pageOfTheApplicationItselfIsRefusedBecauseItsPortDiffers() {
        isRefused("http://localhost:" + portOfTomcat());
    }

    private static void isRefused(String origin) {
        RealtimeTestClientBuilder client = ann(application).header("Origin", origin);

        assertThatIllegalStateException()
                .isThrownBy(client::tryConnect)
                .havingRootCause()
                .withMessageEndingWith("403");
    }

    @Test
    void listedPageMayConnect() {
        try (ConfigurableApplicationContext context =
                        run("realtime.server.port=0", "realtime.client.allowed-origins=http://localhost:*");
                RealtimeTestClient client =
                        ann(context).header("Origin", "http://localhost:8080").connect()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void clientsAreNotifiedWhenTheApplicationStops() {
        ConfigurableApplicationContext context = run(PORT);
        int port = port(context);
        try (RealtimeTestClient client = ann(context).connect()) {
            context.close();

            client.expectDisconnect(3001);
        }
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                                        .build(),
                                BodyHandlers.discarding()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void portThatIsInUseStopsTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            run("realtime.server.address=127.0.0.1", "realtime.server.port=" + taken.getLocalPort()))
                    .hasCauseInstanceOf(PortInUseException.class)
                    .cause()
                    .hasMessageContaining("Port " + taken.getLocalPort() + " is already in use");
        }
    }

    @Test
    void portOfTheApplicationStopsTheStart() {
        SpringApplication application = new SpringApplication(MvcApplication.class);

        assertThatThrownBy(() -> application.run("--server.port=9321", "--realtime.server.port=9321"))
                .hasRootCauseInstanceOf(ConfigurationProblemException.class)
                .hasStackTraceContaining("`realtime.server.port` is `9321`, as `server.port` is");
    }

    @Test
    void applicationKeepsItsTypeAndItsBeans() {
        try (ConfigurableApplicationContext plain = run(NONE)) {
            Set<String> added = names(application);
            added.removeAll(names(plain));

            assertThat(application).isInstanceOf(ServletWebServerApplicationContext.class);
            assertThat(added).containsExactly("realtimeServer");
            assertThat(names(application)).containsAll(names(plain));
        }
    }

    /** Returns the beans without the configuration classes and properties that make them. */
    private static Set<String> names(ConfigurableApplicationContext context) {
        return Stream.of(context.getBeanDefinitionNames())
                .filter(name -> !name.contains("dev.realtime.autoconfigure."))
                .collect(TreeSet::new, Set::add, Set::addAll);
    }
}
