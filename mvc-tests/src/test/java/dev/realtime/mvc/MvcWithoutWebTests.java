package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.template.RealtimeTemplate;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestSubscription;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.web.context.WebApplicationContext;

/** The application of Spring MVC in a test without a web environment. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
@WithMockUser("ann")
class MvcWithoutWebTests {

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimeTemplate realtime;

    @Autowired
    private ApplicationContext context;

    @Test
    void clientReceivesWhatIsPublished() {
        assertThat(context).isNotInstanceOf(WebApplicationContext.class);
        RealtimeTestSubscription orders = clients.connect().subscribe("orders:ann");

        realtime.publish("orders:ann", new Order(7));

        assertThat(orders.awaitPublication(Order.class)).isEqualTo(new Order(7));
    }
}
