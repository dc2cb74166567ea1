package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.BrokerScenario.history;
import static dev.realtime.spi.engine.BrokerScenario.publication;
import static dev.realtime.spi.engine.BrokerScenario.texts;
import static dev.realtime.spi.engine.BrokerScenario.together;
import static dev.realtime.spi.engine.EngineCalls.eventually;
import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publications that a {@link Broker} suppresses, by idempotency key and by version. */
interface BrokerSuppressionContract extends BrokerScenario {

    // ---- Idempotency keys

    @Test
    default void repeatedKeyIsSuppressedAndAnswersTheFirstPosition() {
        subscribe(CHANNEL);
        PublishResult first = get(broker().publish(CHANNEL, publication("1"), KEPT.withIdempotencyKey("key")));
        publish("2");

        PublishResult repeat = get(broker().publish(CHANNEL, publication("3"), KEPT.withIdempotencyKey("key")));

        assertThat(first.suppression()).isEqualTo(Suppression.NONE);
        assertThat(repeat).isEqualTo(new PublishResult(first.position(), Suppression.IDEMPOTENCY_KEY));
        publish("4");
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("1", "2", "4"));
        assertThat(texts(read(ALL))).containsExactly("1", "2", "4");
    }

    @Test
    default void repeatedKeyIsSuppressedWithoutHistoryToo() {
        subscribe(CHANNEL);
        AppendOptions once = AppendOptions.NONE.withIdempotencyKey("key");
        PublishResult first = get(broker().publish(CHANNEL, publication("1"), once));

        PublishResult repeat = get(broker().publish(CHANNEL, publication("2"), once));

        assertThat(first).isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(repeat).isEqualTo(new PublishResult(StreamPosition.NONE, Suppression.IDEMPOTENCY_KEY));
        get(broker().publish(CHANNEL, publication("3"), AppendOptions.NONE));
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("1", "3"));
    }

    @Test
    default void keysBelongToTheirChannel() {
        AppendOptions once = KEPT.withIdempotencyKey("c");
        get(broker().publish("a", publication("1"), KEPT.withIdempotencyKey("b_c")));

        assertThat(get(broker().publish("a_b", publication("1"), once)).suppression())
                .isEqualTo(Suppression.NONE);
        assertThat(get(broker().publish("a", publication("1"), once)).suppression())
                .isEqualTo(Suppression.NONE);
        assertThat(get(broker().publish("a", publication("1"), once)).suppression())
                .isEqualTo(Suppression.IDEMPOTENCY_KEY);
    }

    @Test
    default void keyOutlivesTheHistoryItWasPublishedTo() {
        AppendOptions once = AppendOptions.keeping(history(10, 1, 1)).withIdempotencyKey("key");
        PublishResult first = get(broker().publish(CHANNEL, publication("1"), once));

        pass(OVER_A_SECOND);
        PublishResult repeat = get(broker().publish(CHANNEL, publication("1"), once));

        assertThat(repeat).isEqualTo(new PublishResult(first.position(), Suppression.IDEMPOTENCY_KEY));
    }

    @Test
    default void concurrentRepeatsDeliverOnceAndAllAnswerTheFirstPosition() throws Exception {
        subscribe(CHANNEL);

        for (int round = 0; round < 20; round++) {
            AppendOptions once = KEPT.withIdempotencyKey("key-" + round);
            List<PublishResult> results =
                    together(4, publisher -> get(broker().publish(CHANNEL, publication("x"), once)));

            assertThat(results)
                    .extracting(PublishResult::position)
                    .containsOnly(results.get(0).position());
            assertThat(results)
                    .filteredOn(result -> result.suppression() == Suppression.NONE)
                    .hasSize(1);
        }

        eventually(() -> assertThat(listener().deliveries(CHANNEL)).hasSize(20));
        assertThat(read(ALL).publications()).hasSize(20);
    }

    @Test
    default void keyHoldsOnEveryNode() {
        AppendOptions once = KEPT.withIdempotencyKey("key");
        PublishResult first = get(broker().publish(CHANNEL, publication("1"), once));

        PublishResult repeat = get(another().publish(CHANNEL, publication("1"), once));

        assertThat(repeat).isEqualTo(new PublishResult(first.position(), Suppression.IDEMPOTENCY_KEY));
    }

    // ---- Versions

    @Test
    default void publicationOfAnOldVersionIsSuppressedAndAnswersTheTop() {
        subscribe(CHANNEL);
        publishVersion(5, "");
        StreamPosition top = publish("unversioned").position();

        assertThat(publishVersion(4, "")).isEqualTo(new PublishResult(top, Suppression.VERSION));
        assertThat(publishVersion(5, "")).isEqualTo(new PublishResult(top, Suppression.VERSION));
        assertThat(publishVersion(6, "").position().offset()).isEqualTo(3);
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("v5", "unversioned", "v6"));
    }

    @Test
    default void versionsOfAnotherEpochStartAnew() {
        publishVersion(5, "a");

        assertThat(publishVersion(1, "b").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(1, "b").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(2, "a").suppression()).isEqualTo(Suppression.NONE);
    }

    @Test
    default void versionWithoutEpochComparesWithWhateverWasLast() {
        publishVersion(5, "a");

        assertThat(publishVersion(5, "").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(6, "").suppression()).isEqualTo(Suppression.NONE);
    }

    @Test
    default void versionsAreUnsignedAndExact() {
        long large = (1L << 53) + 1;
        publishVersion(large, "");

        assertThat(publishVersion(large - 1, "").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(large + 1, "").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(Long.MIN_VALUE, "").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(Long.MAX_VALUE, "").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(-1, "").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(-2, "").suppression()).isEqualTo(Suppression.VERSION);
    }

    @Test
    default void versionsAreNotComparedWithoutHistory() {
        AppendOptions versioned = AppendOptions.NONE.withVersion(5, "");

        assertThat(get(broker().publish(CHANNEL, publication("1"), versioned)))
                .isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(get(broker().publish(CHANNEL, publication("2"), versioned)))
                .isEqualTo(PublishResult.WITHOUT_HISTORY);
    }

    @Test
    default void versionOutlivesThePublications() {
        publishVersion(5, "");

        get(broker().removeHistory(CHANNEL));

        assertThat(publishVersion(5, "").suppression()).isEqualTo(Suppression.VERSION);
    }
}
