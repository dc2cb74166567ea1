package dev.realtime.sample;

import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.sample.AnnouncementController.Announcement;
import dev.realtime.sample.AnnouncementController.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.security.access.prepost.PreAuthorize;
import reactor.core.publisher.Flux;

/** Handlers for subscribing, publishing and calls. */
@RealtimeHandler
class ChatHandlers {

    private static final DateTimeFormatter TO_THE_SECOND = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Pins pins;

    ChatHandlers(Pins pins) {
        this.pins = pins;
    }

    /** Checks a message and adds the time of the server, because that of a browser may be wrong. */
    // tag::publish[]
    @OnPublish("chat:{room}")
    PublishReply said(@Valid Announcement said) {
        return PublishReply.of(new Message(said.text().strip(), Instant.now()));
    }
    // end::publish[]

    /** Rooms for staff. */
    // tag::staff[]
    @OnSubscribe("staff:{room}")
    @PreAuthorize("hasRole('STAFF')")
    SubscribeReply enterStaffRoom() {
        return SubscribeReply.allow();
    }
    // end::staff[]

    /** Publishes among the staff as elsewhere, but only staff may speak. */
    @OnPublish("staff:{room}")
    @PreAuthorize("hasRole('STAFF')")
    PublishReply saidAmongStaff(@Valid Announcement said) {
        return said(said);
    }

    /** A clock of one's own: its ticks go to the subscriber alone, and stop when it leaves. */
    // tag::clock[]
    @OnSubscribe("clock:{*zone}")
    Flux<Tick> clock(@ChannelVariable String zone) {
        ZoneId place = zone(zone);
        return Flux.interval(Duration.ZERO, Duration.ofSeconds(1))
                .onBackpressureDrop()
                .map(second -> new Tick(LocalTime.now(place).format(TO_THE_SECOND)));
    }
    // end::clock[]

    private static ZoneId zone(String zone) {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            throw new HandlerException(1001, "there is no time zone of that name");
        }
    }

    // tag::roll[]
    @OnRpc
    List<Integer> roll(@Valid Roll roll) {
        return ThreadLocalRandom.current().ints(roll.dice(), 1, 7).boxed().toList();
    }

    /** Number of dice to roll. */
    record Roll(@Min(1) @Max(6) int dice) {}
    // end::roll[]

    /** Keeps a note for a room. It may block: it runs on a thread of its own. */
    @OnRpc
    @PreAuthorize("#pin.room() != 'staff' or hasRole('STAFF')")
    void pin(@Valid Pin pin) {
        pins.pin(pin.room(), pin.note().text().strip());
    }

    /** A note, and where it belongs. */
    record Pin(
            @NotNull @Pattern(regexp = "[a-z0-9-]{1,32}") String room,
            @NotNull @Valid Announcement note) {}

    /** Time that a clock shows. */
    record Tick(String time) {}
}
