package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.sample.AnnouncementController.Announcement;
import dev.realtime.sample.AnnouncementController.Message;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestSubscription;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Messages, pins and announcements in the staff room reach staff members only. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRealtime
class StaffRoomTests {

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private AnnouncementController announcements;

    @LocalServerPort
    private int port;

    private RealtimeTestClient guest() {
        return clients.client()
                .anonymous()
                .named("guest")
                .data(Map.of("user", "0123456789abcdef", "name", "Ada"))
                .connect();
    }

    private static Map<String, ?> pin(String room, String text) {
        return Map.of("room", room, "note", Map.of("text", text));
    }

    // tag::staff[]
    @Test
    void noteOfTheStaffReachesTheStaffAlone() {
        RealtimeTestSubscription staff =
                clients.connectAs("sam", "STAFF").subscribe("staff:room").expectSubscribed();
        RealtimeTestClient ada = guest();
        ada.subscribe("staff:room").expectError(103);

        clients.client()
                .user("sam", "STAFF")
                .named("elsewhere")
                .connect()
                .rpc("pin", pin("staff", "cake"))
                .expectSuccess();

        assertThat(staff.awaitPublication(Message.class).text()).isEqualTo("Pinned: cake");
    }
    // end::staff[]

    @Test
    void announcementReachesTheStaffAndNotTheRoomThatIsNamedLikeTheirs() {
        RealtimeTestSubscription staff =
                clients.connectAs("sam", "STAFF").subscribe("staff:room").expectSubscribed();
        RealtimeTestSubscription other = guest().subscribe("chat:staff").expectSubscribed();

        announcements.announce("staff", new Announcement("Lunch")).block();

        assertThat(staff.awaitPublication(Message.class).text()).isEqualTo("Lunch");
        other.expectNoPublication();
    }

    @Test
    void guestMayNeitherPinNorAnnounceAmongStaff() {
        guest().rpc("pin", pin("staff", "cake")).expectError(103);

        WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .build()
                .post()
                .uri("/messages/staff")
                .bodyValue(Map.of("text", "Lunch"))
                .exchange()
                .expectStatus()
                .value(status -> assertThat(status).isIn(HttpStatus.FOUND.value(), HttpStatus.UNAUTHORIZED.value()));
    }

    @Test
    void noteWithoutARoomOrTextIsABadRequest() {
        RealtimeTestClient ada = guest();

        ada.rpc("pin", Map.of("note", Map.of("text", "cake"))).expectError(107);
        ada.rpc("pin", Map.of("room", "lobby")).expectError(107);
        ada.rpc("pin").expectError(107);
        ada.rpc("pin", pin("lobby", " ")).expectError(107);
    }
}
