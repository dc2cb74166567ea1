package dev.realtime.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.browser.Browser;
import dev.realtime.orders.Order.Status;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestSubscription;
import dev.realtime.test.ReceivedPublication;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Users log in by the form, and their clients receive orders after the commit. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OrderBoardIntegrationTests {

    @LocalServerPort
    private int port;

    @Autowired
    private OrderRepository orders;

    @BeforeEach
    void removeOrders() {
        orders.deleteAll();
    }

    @Test
    void committedOrderReachesItsCustomerAndTheStaff() throws Exception {
        Browser ann = loggedIn("ann");
        try (RealtimeTestClient anns = client(ann);
                RealtimeTestClient bobs = client(loggedIn("bob"));
                RealtimeTestClient sams = client(loggedIn("sam"))) {
            RealtimeTestSubscription all = sams.subscribe("orders:all").expectSubscribed();

            assertThat(order(ann, "tea", 2).statusCode()).isEqualTo(201);

            ReceivedPublication own = anns.awaitPublication();
            assertThat(own.channel()).isEqualTo("orders:#ann");
            Order.View placed = own.data(Order.View.class);
            assertThat(placed.customer()).isEqualTo("ann");
            assertThat(placed.item()).isEqualTo("tea");
            assertThat(placed.quantity()).isEqualTo(2);
            assertThat(placed.status()).isEqualTo(Status.PLACED);
            assertThat(all.awaitPublication(Order.View.class)).isEqualTo(placed);
            bobs.expectNoPublication();
        }
    }

    @Test
    void orderThatIsRolledBackIsNotPublished() throws Exception {
        Browser ann = loggedIn("ann");
        for (int i = 0; i < OrderBoard.MAX_OPEN; i++) {
            order(ann, "tea", 1);
        }
        try (RealtimeTestClient anns = client(ann)) {
            HttpResponse<String> refused = order(ann, "one too many", 1);

            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("You have 5 open orders already.");
            assertThat(orders.count()).isEqualTo(OrderBoard.MAX_OPEN);
            anns.expectNoPublication();
        }
    }

    @Test
    void customerIsNotifiedWhenStaffFinishesTheOrder() throws Exception {
        Browser ann = loggedIn("ann");
        order(ann, "tea", 1);
        long id = orders.findAll().get(0).view().id();
        try (RealtimeTestClient anns = client(ann)) {
            String path = "/orders/" + id + "/ready";

            assertThat(ann.postFrom("/logout", path, Map.of()).statusCode()).isEqualTo(403);
            assertThat(loggedIn("sam").postFrom("/logout", path, Map.of()).statusCode())
                    .isEqualTo(200);

            Order.View ready = anns.awaitPublication(Order.View.class);
            assertThat(ready.id()).isEqualTo(id);
            assertThat(ready.version()).isEqualTo(1);
            assertThat(ready.status()).isEqualTo(Status.READY);
        }
    }

    @Test
    void customerWhoWasAwayRecoversOrders() throws Exception {
        Browser ann = loggedIn("ann");
        try (RealtimeTestClient anns = client(ann)) {
            anns.drop();
            order(ann, "tea", 1);

            anns.reconnect();

            assertThat(anns.awaitPublication(Order.View.class).item()).isEqualTo("tea");
        }
    }

    @Test
    void customerMayWatchNeitherAllOrdersNorThoseOfOthers() throws Exception {
        try (RealtimeTestClient anns = client(loggedIn("ann"))) {
            anns.subscribe("orders:all").expectError(103);
            anns.subscribe("orders:#bob").expectError(103);
            anns.subscribe("orders:1").expectError(103);
        }
    }

    @Test
    void clientWithoutALoginIsRefused() throws Exception {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");

            assertThat(client.read().closeCode()).isEqualTo(3501);
        }
        assertThat(new Browser(port).get("/orders").uri().getPath()).isEqualTo("/login");
    }

    @Test
    void orderWithoutTheTokenOfThePageIsRefused() throws Exception {
        Browser ann = loggedIn("ann");

        assertThat(order(ann, "tea", 21).statusCode()).isEqualTo(400);
        assertThat(ann.postFrom("/logout", "/orders?_csrf=", Map.of("item", "tea", "quantity", "1"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(orders.count()).isZero();
    }

    @Test
    void logoutClosesTheConnectionsOfTheUser() throws Exception {
        Browser bob = loggedIn("bob");
        try (RealtimeTestClient bobs = client(bob)) {
            bob.post("/logout", Map.of());

            bobs.expectDisconnect(3503);
        }
    }

    private Browser loggedIn(String user) throws IOException, InterruptedException {
        Browser browser = new Browser(port);
        browser.post("/login", Map.of("username", user, "password", user));
        return browser;
    }

    private static HttpResponse<String> order(Browser browser, String item, int quantity) throws Exception {
        Map<String, String> form = Map.of("item", item, "quantity", String.valueOf(quantity));
        // The page of the log-out has a CSRF token.
        return browser.postFrom("/logout", "/orders", form);
    }

    private RealtimeTestClient client(Browser browser) {
        String cookie = browser.cookie().substring("Cookie: ".length());
        return RealtimeTestClient.bindToServer("ws://localhost:" + port + "/connection/websocket")
                .header("Cookie", cookie)
                .connect();
    }
}
