package dev.realtime.test;

import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/** Assertions about what the application published. */
public final class PublicationRecorderAssert extends AbstractAssert<PublicationRecorderAssert, PublicationRecorder> {

    PublicationRecorderAssert(PublicationRecorder actual) {
        super(actual, PublicationRecorderAssert.class);
    }

    /** Verifies that nothing was published since the test began. */
    public PublicationRecorderAssert hasNoPublications() {
        isNotNull();
        if (!actual.publications().isEmpty()) {
            throw failure("Expected no publication." + actual.describe());
        }
        return this;
    }

    /** Verifies that nothing was published into a channel since the test began. */
    public PublicationRecorderAssert hasNoPublications(String channel) {
        isNotNull();
        if (!actual.publications(channel).isEmpty()) {
            throw failure("Expected no publication into '" + channel + "'." + actual.describe());
        }
        return this;
    }

    /**
     * Verifies that something was published into a channel, possibly among others.
     *
     * @param data equal to what the application handed over
     */
    public PublicationRecorderAssert hasPublication(String channel, Object data) {
        isNotNull();
        if (actual.publications(channel).stream().noneMatch(one -> Objects.equals(one.data(), data))) {
            throw failure("Expected a publication of " + data + " into '" + channel + "'." + actual.describe());
        }
        return this;
    }

    /** Verifies that exactly so much was published into a channel. */
    public PublicationRecorderAssert hasPublications(String channel, int count) {
        isNotNull();
        int published = actual.publications(channel).size();
        if (published != count) {
            throw failure("Expected " + count + " publications into '" + channel + "' but there are " + published + "."
                    + actual.describe());
        }
        return this;
    }

    /** Returns assertions about the publications into a channel, in order. */
    public ListAssert<RecordedPublication> publications(String channel) {
        isNotNull();
        return Assertions.assertThat(actual.publications(channel)).as(actual::describe);
    }

    /**
     * Returns assertions about the data published into a channel, in order.
     *
     * @throws AssertionError if data is of another type
     */
    public <T> ListAssert<T> data(String channel, Class<T> type) {
        isNotNull();
        List<T> data = actual.publications(channel).stream()
                .map(publication -> publication.data(type))
                .toList();
        return Assertions.assertThat(data).as(actual::describe);
    }

    private AssertionError failure(String message) {
        String description = info.descriptionText();
        return new AssertionError(description.isEmpty() ? message : "[" + description + "] " + message);
    }
}
