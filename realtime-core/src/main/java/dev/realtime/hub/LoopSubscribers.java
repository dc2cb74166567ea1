package dev.realtime.hub;

import io.netty.util.concurrent.EventExecutor;
import java.util.Arrays;

/** Subscribers of one channel whose connections belong to one executor; touched on that executor only. */
final class LoopSubscribers {

    private final EventExecutor executor;

    private Subscriber[] subscribers = new Subscriber[2];

    private int size;

    LoopSubscribers(EventExecutor executor) {
        this.executor = executor;
    }

    EventExecutor executor() {
        return executor;
    }

    void add(Subscriber subscriber) {
        if (size == subscribers.length) {
            subscribers = Arrays.copyOf(subscribers, size * 2);
        }
        subscribers[size++] = subscriber;
    }

    void remove(Subscriber subscriber) {
        for (int i = size - 1; i >= 0; i--) {
            if (subscribers[i] == subscriber) {
                subscribers[i] = subscribers[--size];
                subscribers[size] = null;
                return;
            }
        }
    }

    // Backwards, since a subscriber may leave while it is being served: the one that takes its place was served
    // already.

    void deliver(Delivery.OfPublication delivery) {
        for (int i = size - 1; i >= 0; i--) {
            subscribers[i].onPublication(delivery);
        }
    }

    void deliver(Delivery.OfJoinOrLeave delivery) {
        for (int i = size - 1; i >= 0; i--) {
            subscribers[i].onJoinOrLeave(delivery);
        }
    }

    void tell(StreamTop top) {
        for (int i = size - 1; i >= 0; i--) {
            subscribers[i].onStreamTop(top);
        }
    }
}
