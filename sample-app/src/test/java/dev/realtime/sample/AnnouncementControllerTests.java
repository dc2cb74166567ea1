package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

class AnnouncementControllerTests {

    private final RealtimePublisher publisher = mock();

    private final WebTestClient http = WebTestClient.bindToController(new AnnouncementController(publisher))
            .build();

    @Test
    void announcementIsPublishedIntoTheRoomAndItsPlaceAnswered() {
        given(publisher.publish(eq("chat:lobby"), any()))
                .willReturn(Mono.just(new PublishResult(new StreamPosition(7, "abc"), Suppression.NONE)));

        announce("lobby", "{\"text\":\" Lunch is ready \"}")
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"offset\":7,\"epoch\":\"abc\"}");

        ArgumentCaptor<Object> published = ArgumentCaptor.captor();
        verify(publisher).publish(eq("chat:lobby"), published.capture());
        assertThat(published.getValue())
                .isInstanceOfSatisfying(
                        AnnouncementController.Message.class,
                        message -> assertThat(message.text()).isEqualTo("Lunch is ready"));
    }

    @Test
    void staffAreReachedWhereTheyListen() {
        given(publisher.publish(eq("staff:room"), any()))
                .willReturn(Mono.just(new PublishResult(new StreamPosition(1, "abc"), Suppression.NONE)));

        announce("staff", "{\"text\":\"Lunch\"}").expectStatus().isOk();

        verify(publisher).publish(eq("staff:room"), any());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
                    lobby, {}
                    lobby, '{"text":"  "}'
                    lobby, not json
                    Lobby, '{"text":"hello"}'
                    a:b,   '{"text":"hello"}'
                    a-name-of-more-than-thirty-two-chars, '{"text":"hello"}'
                    """)
    void whatIsNoAnnouncementOrNoRoomIsRefused(String room, String body) {
        announce(room, body).expectStatus().isBadRequest();

        verifyNoInteractions(publisher);
    }

    @Test
    void announcementLongerThan500CharactersIsRefused() {
        announce("lobby", "{\"text\":\"" + "x".repeat(501) + "\"}")
                .expectStatus()
                .isBadRequest();

        verifyNoInteractions(publisher);
    }

    private WebTestClient.ResponseSpec announce(String room, String body) {
        return http.post()
                .uri("/messages/{room}", room)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }
}
