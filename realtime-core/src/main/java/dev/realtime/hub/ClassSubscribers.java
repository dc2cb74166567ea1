package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.statistics.NamespaceStatistics;
import java.util.Arrays;

/**
 * Subscribers of one channel and executor that get the same bytes. Touched on the executor only. What a subscriber
 * throws ends that subscriber; all others are served.
 *
 * <p>They are served from the last to the first, since a subscriber may leave while it is served: the last takes its
 * place, and was served already.
 */
final class ClassSubscribers {

    private final DeliveryClass deliveryClass;

    private final SubscriberGroups groups;

    private final NamespaceStatistics statistics;

    /** Number among the groups. */
    int number;

    private Subscriber[] subscribers = new Subscriber[2];

    private int size;

    ClassSubscribers(DeliveryClass deliveryClass, SubscriberGroups groups, NamespaceStatistics statistics) {
        this.deliveryClass = deliveryClass;
        this.groups = groups;
        this.statistics = statistics;
    }

    DeliveryClass deliveryClass() {
        return deliveryClass;
    }

    SubscriberGroups groups() {
        return groups;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Makes {@link #add} safe from failures. */
    void makeRoom() {
        if (size == subscribers.length) {
            subscribers = Arrays.copyOf(subscribers, size * 2);
        }
    }

    void add(Subscriber subscriber) {
        subscriber.group = this;
        subscriber.place = size;
        subscribers[size++] = subscriber;
    }

    void remove(Subscriber subscriber) {
        Subscriber last = subscribers[--size];
        subscribers[subscriber.place] = last;
        last.place = subscriber.place;
        subscribers[size] = null;
        subscriber.group = null;
    }

    void deliver(PublicationRun run) {
        ClassDelivery delivery = new ClassDelivery(run, deliveryClass, size);
        int dropped = size * (run.size() - delivery.passing());
        int written = 0;
        try {
            for (int i = size - 1; i >= 0; i--) {
                Subscriber subscriber = subscribers[i];
                try {
                    written += subscriber.onPublications(delivery);
                } catch (Throwable failure) {
                    Boundary.end(Place.DELIVERY, subscriber, failure);
                }
            }
        } finally {
            delivery.release();
        }
        statistics.delivered(written);
        statistics.filtered(dropped);
    }

    void deliver(Delivery.OfJoinOrLeave delivery) {
        SharedFrame frame = new SharedFrame(delivery.frameFor(deliveryClass), size);
        try {
            for (int i = size - 1; i >= 0; i--) {
                Subscriber subscriber = subscribers[i];
                try {
                    subscriber.onJoinOrLeave(frame);
                } catch (Throwable failure) {
                    Boundary.end(Place.DELIVERY, subscriber, failure);
                }
            }
        } finally {
            frame.release();
        }
    }

    void continueEpoch(StreamPosition end, String epoch) {
        for (int i = size - 1; i >= 0; i--) {
            Subscriber subscriber = subscribers[i];
            try {
                subscriber.onEpochContinued(end, epoch);
            } catch (Throwable failure) {
                Boundary.end(Place.DELIVERY, subscriber, failure);
            }
        }
    }

    void notifyOfLoss(int publications) {
        for (int i = size - 1; i >= 0; i--) {
            Subscriber subscriber = subscribers[i];
            try {
                subscriber.onLoss(publications);
            } catch (Throwable failure) {
                Boundary.end(Place.DELIVERY, subscriber, failure);
            }
        }
    }

    void invalidate() {
        for (int i = size - 1; i >= 0; i--) {
            Subscriber subscriber = subscribers[i];
            try {
                subscriber.onInvalidation();
            } catch (Throwable failure) {
                Boundary.end(Place.DELIVERY, subscriber, failure);
            }
        }
    }

    void tell(StreamTop top) {
        for (int i = size - 1; i >= 0; i--) {
            Subscriber subscriber = subscribers[i];
            try {
                subscriber.onStreamTop(top);
            } catch (Throwable failure) {
                Boundary.end(Place.DELIVERY, subscriber, failure);
            }
        }
    }
}
