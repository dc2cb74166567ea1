package dev.realtime.sample;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.sample.AnnouncementController.Message;
import java.time.Instant;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Notes pinned to rooms, in a table. A room is notified of a note after the commit. */
@Service
class Pins {

    private final JdbcTemplate jdbc;

    private final RealtimePublisher publisher;

    Pins(JdbcTemplate jdbc, RealtimePublisher publisher) {
        this.jdbc = jdbc;
        this.publisher = publisher;
    }

    // tag::pin[]
    @Transactional
    public void pin(String room, String text) {
        jdbc.update("INSERT INTO pin (room, text, at) VALUES (?, ?, CURRENT_TIMESTAMP)", room, text);
        publisher
                .publishAfterCommit(AnnouncementController.channel(room), new Message("Pinned: " + text, Instant.now()))
                .block();
    }
    // end::pin[]
}
