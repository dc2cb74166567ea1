package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import dev.realtime.handler.HandlerException;
import dev.realtime.handler.PublishReply;
import dev.realtime.sample.AnnouncementController.Announcement;
import dev.realtime.sample.ChatHandlers.Pin;
import dev.realtime.sample.ChatHandlers.Roll;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChatHandlersTests {

    private final Pins pins = mock();

    private final ChatHandlers handlers = new ChatHandlers(pins);

    @Test
    void whatIsSaidIsTidiedUpAndGetsTheTimeOfTheServer() {
        Instant before = Instant.now();

        PublishReply reply = handlers.said(new Announcement("  hello "));

        assertThat(reply.data()).isInstanceOf(AnnouncementController.Message.class);
        AnnouncementController.Message message = (AnnouncementController.Message) reply.data();
        assertThat(message.text()).isEqualTo("hello");
        assertThat(message.at()).isBetween(before, Instant.now());
    }

    @Test
    void diceShowOneToSix() {
        assertThat(handlers.roll(new Roll(6))).hasSize(6).allMatch(eyes -> eyes >= 1 && eyes <= 6);
    }

    @Test
    void clockShowsTheTimeAtOnce() {
        ChatHandlers.Tick tick = handlers.clock("Europe/Berlin").blockFirst(Duration.ofSeconds(10));

        assertThat(tick).isNotNull();
        assertThat(tick.time()).matches("\\d\\d:\\d\\d:\\d\\d");
    }

    @Test
    void clockOfAnUnknownZoneIsRefusedWithACodeOfItsOwn() {
        assertThatExceptionOfType(HandlerException.class)
                .isThrownBy(() -> handlers.clock("Atlantis"))
                .matches(refused -> refused.code() == 1001);
    }

    @Test
    void noteIsPinnedToItsRoom() {
        handlers.pin(new Pin("lobby", new Announcement(" cake ")));

        verify(pins).pin("lobby", "cake");
    }
}
