package dev.realtime.sample;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Announcements of the application in a room. Clients that are away recover them when they reconnect. */
@RestController
class AnnouncementController {

    private final RealtimePublisher publisher;

    AnnouncementController(RealtimePublisher publisher) {
        this.publisher = publisher;
    }

    /** Publishes into a room and returns the position in its stream. */
    @PostMapping("/messages/{room}")
    Mono<StreamPosition> announce(
            @PathVariable @Pattern(regexp = "[a-z0-9-]{1,32}") String room,
            @RequestBody @Valid Announcement announcement) {
        Message message = new Message(announcement.text().strip(), Instant.now());
        return publisher.publish(channel(room), message).map(PublishResult::position);
    }

    /** Returns the channel of a room: that of the staff is in a namespace of its own, which is closed to others. */
    static String channel(String room) {
        return room.equals("staff") ? "staff:room" : "chat:" + room;
    }

    /** Body of a request. */
    record Announcement(@NotBlank @Size(max = 500) String text) {}

    /** Message in a room; the page publishes the same shape. */
    record Message(String text, Instant at) {}
}
