package dev.realtime.engine.redis.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.engine.redis.broker.Fingerprints.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is remembered of the last publications. */
class FingerprintsTests {

    private final Fingerprints fingerprints = new Fingerprints();

    private static Publication publication(long offset, String text) {
        return Publication.of(Payload.ofText(text)).at(offset);
    }

    @Test
    void publicationThatComesAgainIsTheSame() {
        fingerprints.add(publication(7, "{}"));
        fingerprints.add(publication(8, "{\"n\":1}"));

        assertThat(fingerprints.compare(publication(8, "{\"n\":1}"))).isEqualTo(Verdict.SAME);
        assertThat(fingerprints.compare(publication(7, "{}"))).isEqualTo(Verdict.SAME);
    }

    @Test
    void otherDataAtTheSamePlaceIsAnother() {
        fingerprints.add(publication(1, "{\"n\":12}"));

        assertThat(fingerprints.compare(publication(1, "{\"n\":21}"))).isEqualTo(Verdict.ANOTHER);
    }

    @Test
    void otherPublisherOrTagsMakeAnother() {
        Payload data = Payload.ofText("{}");
        fingerprints.add(publication(1, "{}"));

        assertThat(fingerprints.compare(new Publication(data, new ClientInfo("u", "c", null, null), 1, Map.of())))
                .isEqualTo(Verdict.ANOTHER);
        assertThat(fingerprints.compare(new Publication(data, null, 1, Map.of("k", "v"))))
                .isEqualTo(Verdict.ANOTHER);
    }

    @Test
    void onlyTheLastAreRemembered() {
        for (int offset = 1; offset <= Fingerprints.REMEMBERED + 1; offset++) {
            fingerprints.add(publication(offset, "{}"));
        }

        assertThat(fingerprints.compare(publication(1, "{}"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(fingerprints.compare(publication(2, "{}"))).isEqualTo(Verdict.SAME);
    }

    @Test
    void nothingIsKnownOfPlacesThatWereLeftOut() {
        fingerprints.add(publication(1, "{}"));
        fingerprints.add(publication(5, "{}"));

        assertThat(fingerprints.compare(publication(1, "{}"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(fingerprints.compare(publication(3, "{}"))).isEqualTo(Verdict.UNKNOWN);
        assertThat(fingerprints.compare(publication(5, "{}"))).isEqualTo(Verdict.SAME);
        assertThat(fingerprints.compare(publication(6, "{}"))).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void anotherEpochForgetsAll() {
        fingerprints.add(publication(1, "{}"));

        fingerprints.clear();

        assertThat(fingerprints.compare(publication(1, "{}"))).isEqualTo(Verdict.UNKNOWN);
    }
}
