package dev.realtime.engine.redis.loss;

import java.util.ArrayList;
import java.util.List;

/** All that one subscriber saw in one channel, in order. Written by one thread, read by any. */
public final class SubscriberLog {

    private final String subscriber;

    private final String channel;

    private final List<Sighting> sightings = new ArrayList<>();

    public SubscriberLog(String subscriber, String channel) {
        this.subscriber = subscriber;
        this.channel = channel;
    }

    public synchronized void add(Sighting sighting) {
        sightings.add(sighting);
    }

    public String channel() {
        return channel;
    }

    /** What was seen so far. */
    public synchronized List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    @Override
    public String toString() {
        return subscriber + " in " + channel;
    }
}
