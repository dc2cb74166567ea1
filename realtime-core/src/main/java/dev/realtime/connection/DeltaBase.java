package dev.realtime.connection;

import dev.realtime.hub.ClassDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Publication that the client of a subscription got last, which the next may be sent as the difference to. Used on the
 * executor of the connection only.
 */
final class DeltaBase {

    /** Its number among those of the channel; 0 if it is not known by one. */
    private long number;

    /** Whether it is the publication at the position of the subscription, as the client read it from the stream. */
    private boolean atPosition;

    /** The client got a publication that arrived by the hub; 0 for one that nothing can be a difference to. */
    void is(long number) {
        this.number = number;
        this.atPosition = false;
    }

    /** The client got the publication at its position otherwise. */
    void isAtPosition() {
        number = 0;
        atPosition = true;
    }

    /** The client got something that nothing can be a difference to. */
    void isUnknown() {
        is(0);
    }

    /** The position of the subscription moved on without it. */
    void positionPassed() {
        atPosition = false;
    }

    /**
     * Returns whether it is what a publication has a patch for.
     *
     * @param position of the client before that publication; {@code null} where offsets are not checked
     */
    boolean isOf(ClassDelivery delivery, int index, @Nullable SubscriptionPosition position) {
        long base = delivery.baseNumber(index);
        if (base == 0) {
            return false;
        }
        return base == number
                || (atPosition && position != null && position.current().equals(delivery.basePosition(index)));
    }
}
