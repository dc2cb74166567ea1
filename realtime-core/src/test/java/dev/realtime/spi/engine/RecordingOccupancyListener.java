package dev.realtime.spi.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records channels that became occupied and vacated. May be notified by many nodes. */
public final class RecordingOccupancyListener implements OccupancyListener {

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void onOccupied(String channel) {
        told.add("occupied " + channel);
    }

    @Override
    public void onVacated(String channel) {
        told.add("vacated " + channel);
    }

    /** Everything so far: {@code occupied} or {@code vacated}, a space, and the channel. */
    public List<String> told() {
        return List.copyOf(told);
    }

    /** Returns the events of one channel: {@code occupied}, {@code vacated}, ... */
    public List<String> toldOf(String channel) {
        return told.stream()
                .filter(one -> one.substring(one.indexOf(' ') + 1).equals(channel))
                .map(one -> one.substring(0, one.indexOf(' ')))
                .toList();
    }
}
