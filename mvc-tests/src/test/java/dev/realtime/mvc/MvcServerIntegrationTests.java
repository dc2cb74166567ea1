package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.template.RealtimeTemplate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The starter as it is in an application with Spring MVC, on Tomcat. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class MvcServerIntegrationTests {

    @LocalServerPort
    private int port;

    @Autowired
    private RealtimeTemplate realtime;

    @Test
    void applicationStartsAndItsBeansWork() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/orders"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"number\":7}"))
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(realtime.history("orders:ann", HistoryQuery.latest(10), Order.class)
                        .data())
                .containsExactly(new Order(7));
    }
}
