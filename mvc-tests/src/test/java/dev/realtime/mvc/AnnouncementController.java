package dev.realtime.mvc;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.template.RealtimeTemplate;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Announcements of the application in a room. Clients that are away recover them when they reconnect. */
@RestController
class AnnouncementController {

    private final RealtimeTemplate realtime;

    AnnouncementController(RealtimeTemplate realtime) {
        this.realtime = realtime;
    }

    /** Publishes into a room and returns the position in its stream. */
    @PostMapping("/messages/{room}")
    StreamPosition announce(
            @PathVariable @Pattern(regexp = "[a-z0-9-]{1,32}") String room,
            @RequestBody @Valid Announcement announcement) {
        Message message = new Message(announcement.text().strip(), Instant.now());
        return realtime.publish("chat:" + room, message).position();
    }

    /** Body of a request. */
    record Announcement(@NotBlank @Size(max = 500) String text) {}

    /** Message in a room; the page publishes the same shape. */
    record Message(String text, Instant at) {}
}
