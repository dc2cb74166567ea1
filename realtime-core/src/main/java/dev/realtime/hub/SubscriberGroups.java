package dev.realtime.hub;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Subscribers of one channel and executor by their class. Touched on the executor only, but for {@link #isEmpty}.
 * Groups have numbers from 0; when one ends, the last takes its number.
 */
final class SubscriberGroups {

    private static final int MAX_SEARCHED = 8;

    private ClassSubscribers[] groups = new ClassSubscribers[1];

    private int count;

    /** The same by class, once there are too many to search; {@code null} before. */
    private @Nullable Map<DeliveryClass, ClassSubscribers> byClass;

    /** Number of subscribers. Written on the executor, read by threads that bring something. */
    private volatile int subscribers;

    /** Returns whether there are no subscribers; by any thread. */
    boolean isEmpty() {
        return subscribers == 0;
    }

    int count() {
        return count;
    }

    ClassSubscribers get(int number) {
        return groups[number];
    }

    /** Returns the group of a subscriber, to which it can be added without failures. */
    ClassSubscribers makeRoom(Subscriber subscriber) {
        ClassSubscribers group = find(subscriber.deliveryClass());
        if (group == null) {
            group = begin(new ClassSubscribers(subscriber.deliveryClass(), this, subscriber.statistics()));
        }
        group.makeRoom();
        return group;
    }

    private @Nullable ClassSubscribers find(DeliveryClass deliveryClass) {
        if (byClass != null) {
            return byClass.get(deliveryClass);
        }
        for (int i = 0; i < count; i++) {
            if (groups[i].deliveryClass().equals(deliveryClass)) {
                return groups[i];
            }
        }
        return null;
    }

    private ClassSubscribers begin(ClassSubscribers group) {
        if (count == groups.length) {
            groups = Arrays.copyOf(groups, count * 2);
        }
        if (byClass == null && count == MAX_SEARCHED) {
            Map<DeliveryClass, ClassSubscribers> all = new HashMap<>();
            for (int i = 0; i < count; i++) {
                all.put(groups[i].deliveryClass(), groups[i]);
            }
            byClass = all;
        }
        if (byClass != null) {
            byClass.put(group.deliveryClass(), group);
        }
        group.number = count;
        groups[count++] = group;
        return group;
    }

    void add(ClassSubscribers group, Subscriber subscriber) {
        group.add(subscriber);
        setSubscribers(subscribers + 1);
    }

    void remove(ClassSubscribers group, Subscriber subscriber) {
        group.remove(subscriber);
        setSubscribers(subscribers - 1);
        if (group.isEmpty()) {
            end(group);
        }
    }

    private void end(ClassSubscribers group) {
        ClassSubscribers last = groups[--count];
        groups[group.number] = last;
        last.number = group.number;
        groups[count] = null;
        if (byClass != null) {
            byClass.remove(group.deliveryClass());
        }
    }

    private void setSubscribers(int subscribers) {
        this.subscribers = subscribers;
    }
}
