package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.test.PublicationRecorder;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestSubscription;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Requests through MockMvc and clients in the JVM, as the same user. */
// tag::mvc[]
@SpringBootTest
@AutoConfigureMockMvc
@AutoConfigureRealtime
@WithMockUser("ann")
class MvcTests {

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private RealtimeTestClients clients;

    @Test
    void orderIsPublishedToItsCustomer() {
        RealtimeTestSubscription orders = clients.connect().subscribe("orders:ann");

        assertThat(mvc.post()
                        .uri("/orders")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"number\": 7}"))
                .hasStatus(HttpStatus.CREATED);

        assertThat(orders.awaitPublication(Order.class)).isEqualTo(new Order(7));
    }
    // end::mvc[]

    @Autowired
    private PublicationRecorder recorder;

    @Test
    void orderThatIsRolledBackIsNotPublished() {
        RealtimeTestSubscription orders = clients.connect().subscribe("orders:ann");

        assertThat(post("/orders", 0)).hasStatus(HttpStatus.CONFLICT);

        orders.expectNoPublication();
        assertThat(recorder).hasNoPublications();
        assertThat(recorder.uncommitted()).hasSize(1);
    }

    @Test
    void controllerPublishesDirectly() {
        RealtimeTestSubscription orders = clients.connect().subscribe("orders:ann");

        assertThat(post("/reminders", 7)).hasStatus(HttpStatus.CREATED);

        assertThat(orders.awaitPublication(Order.class)).isEqualTo(new Order(7));
        assertThat(recorder).hasPublication("orders:ann", new Order(7));
    }

    @Test
    @WithMockUser(username = "sam", roles = "STAFF")
    void clientHasTheUserAndTheRolesOfTheTest() {
        var sam = clients.connect();

        sam.subscribe("orders:ann").expectError(103);
        assertThat(sam.rpc("whoAmI").data(String.class)).isEqualTo("sam");
        sam.rpc("cancel", new Order(7)).expectSuccess();
        clients.connectAs("bob").rpc("cancel", new Order(7)).expectError(103);
    }

    private MvcTestResult post(String path, int number) {
        return mvc.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"number\":" + number + "}")
                .exchange();
    }
}
