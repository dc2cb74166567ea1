package dev.realtime.sample;

import static org.mockito.Mockito.verify;

import dev.realtime.sample.AnnouncementController.Announcement;
import dev.realtime.sample.ChatHandlers.Pin;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.autoconfigure.RealtimeTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** One handler class with its security and validation, and nothing else of the application. */
// tag::slice[]
@RealtimeTest(ChatHandlers.class)
class ChatSliceTests {

    @Autowired
    private RealtimeTestClients clients;

    @MockitoBean
    private Pins pins;

    @Test
    void noteIsPinnedToItsRoom() {
        clients.connectAs("ann")
                .rpc("pin", new Pin("lobby", new Announcement(" cake ")))
                .expectSuccess();

        verify(pins).pin("lobby", "cake");
    }
}
// end::slice[]
