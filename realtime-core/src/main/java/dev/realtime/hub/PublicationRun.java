package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Publications of one channel that wait for one executor at the same moment, in order; one at least. */
final class PublicationRun {

    private final Delivery.OfPublication first;

    /** All of them; {@code null} if there is only the first. */
    private final @Nullable List<Delivery.OfPublication> publications;

    private final boolean consecutive;

    private final boolean withoutPositions;

    private final boolean exclusive;

    PublicationRun(Delivery.OfPublication only) {
        this.first = only;
        this.publications = null;
        this.consecutive = only.position().offset() != 0;
        this.withoutPositions = !consecutive;
        this.exclusive = isExclusive(only);
    }

    PublicationRun(List<Delivery.OfPublication> publications) {
        this.first = publications.get(0);
        this.publications = publications;
        StreamPosition first = this.first.position();
        boolean consecutive = first.offset() != 0;
        boolean withoutPositions = first.offset() == 0;
        boolean exclusive = isExclusive(this.first);
        for (int i = 1; i < publications.size(); i++) {
            StreamPosition position = publications.get(i).position();
            consecutive &=
                    position.offset() == first.offset() + i && position.epoch().equals(first.epoch());
            withoutPositions &= position.offset() == 0;
            exclusive |= isExclusive(publications.get(i));
        }
        this.consecutive = consecutive;
        this.withoutPositions = withoutPositions;
        this.exclusive = exclusive;
    }

    private static boolean isExclusive(Delivery.OfPublication delivery) {
        return !delivery.publication().exclusion().isEmpty();
    }

    /** Returns whether not every subscriber gets all of them. */
    boolean isExclusive() {
        return exclusive;
    }

    /** Returns whether a subscriber is excluded from one of them at least. */
    boolean excludes(String clientId, String userId) {
        for (int i = 0; i < size(); i++) {
            if (get(i).publication().exclusion().excludes(clientId, userId)) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return publications == null ? 1 : publications.size();
    }

    Delivery.OfPublication get(int index) {
        return publications == null ? first : publications.get(index);
    }

    /** Returns whether every publication of the run is the next one for a subscriber at that position. */
    boolean continues(long offset, String epoch) {
        StreamPosition first = this.first.position();
        return withoutPositions
                || (consecutive && first.offset() == offset + 1 && first.epoch().equals(epoch));
    }

    /** Returns the position after the run of a subscriber that was at an offset, if the run continues it. */
    long offsetAfter(long offset) {
        return withoutPositions ? offset : offset + size();
    }
}
