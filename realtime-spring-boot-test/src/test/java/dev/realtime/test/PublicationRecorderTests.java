package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.test.OrderService.Order;
import dev.realtime.test.RecordedPublication.Timing;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class PublicationRecorderTests {

    @Autowired
    private PublicationRecorder recorder;

    @Autowired
    private OrderService orders;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeTestClients clients;

    @Test
    void publicationAfterACommitIsRecordedWithItsTiming() {
        orders.place(new Order(7));

        assertThat(recorder).hasPublication("news:orders", new Order(7));
        assertThat(recorder)
                .publications("news:orders")
                .singleElement()
                .extracting(RecordedPublication::timing)
                .isEqualTo(Timing.AFTER_COMMIT);
    }

    @Test
    void nothingIsPublishedAfterARollBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> orders.place(new Order(-1)));

        assertThat(recorder).hasNoPublications();
        assertThat(recorder.uncommitted()).hasSize(1);
    }

    @Test
    void everyWayOfPublishingIsRecorded() {
        orders.announce(new Order(1));
        orders.announceEverywhere(new Order(2));
        orders.tell("ann", new Order(3));

        assertThat(recorder).data("news:orders", Order.class).containsExactly(new Order(1), new Order(2));
        assertThat(recorder).hasPublication("#ann", new Order(3)).hasPublications("#ann", 1);
        assertThat(recorder).hasNoPublications("nowhere:orders");
    }

    @Test
    void settingsAreRecordedAndColdPublishersAreNot() {
        PublishOptions tagged = PublishOptions.DEFAULTS.withTags(Map.of("kind", "vip"));

        var cold = publisher.publish("news:orders", new Order(1), tagged);
        assertThat(recorder).hasNoPublications();
        cold.block();

        assertThat(recorder.publications("news:orders"))
                .containsExactly(new RecordedPublication("news:orders", new Order(1), tagged, Timing.IMMEDIATELY));
        assertThat(recorder.awaitPublication("news:orders").options()).isEqualTo(tagged);
    }

    @Test
    void whatClientsPublishIsNotTheApplications() {
        clients.connectAs("ann").subscribe("chat:lobby").publish(new ChatHandlers.Message("hello"));

        assertThat(recorder).hasNoPublications();
    }

    @Test
    void refusedPublicationIsNotRecorded() {
        assertThatThrownBy(
                () -> publisher.publish("nowhere:orders", new Order(1)).block());

        assertThat(recorder).hasNoPublications();
    }

    @Test
    void failuresShowWhatWasPublished() {
        assertThatThrownBy(() -> assertThat(recorder).hasPublication("news:orders", new Order(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Expected a publication of Order[number=2] into 'news:orders'. The application published"
                        + " nothing.");

        orders.place(new Order(1));
        assertThatIllegalArgumentException().isThrownBy(() -> orders.place(new Order(-1)));

        String published = " The application published:\n  'news:orders' after commit: Order[number=1]\n"
                + "Not published, for want of a commit:\n  'news:orders' after commit: Order[number=-1]";
        assertThatThrownBy(() -> assertThat(recorder).as("orders").hasNoPublications())
                .isInstanceOf(AssertionError.class)
                .hasMessage("[orders] Expected no publication." + published);
        assertThatThrownBy(() -> assertThat(recorder).hasNoPublications("news:orders"))
                .hasMessage("Expected no publication into 'news:orders'." + published);
        assertThatThrownBy(() -> assertThat(recorder).hasPublications("news:orders", 2))
                .hasMessage("Expected 2 publications into 'news:orders' but there are 1." + published);
        assertThatThrownBy(() -> assertThat(recorder).data("news:orders", String.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is not a java.lang.String but a dev.realtime.test.OrderService$Order");
        assertThatThrownBy(
                        () -> assertThat(recorder).publications("news:orders").isEmpty())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Order[number=1]");
    }

    @Test
    void anotherThreadSeesThePublicationsOfTheLastTestOnly() {
        orders.announce(new Order(1));
        recorder.begin();
        orders.announce(new Order(2));

        assertThat(CompletableFuture.supplyAsync(recorder::publications).join()).hasSize(1);
    }
}
