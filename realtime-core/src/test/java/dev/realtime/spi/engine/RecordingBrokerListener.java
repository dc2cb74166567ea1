package dev.realtime.spi.engine;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a broker brings, in the order of arrival, and whether it kept to one call at a time for a channel. */
public final class RecordingBrokerListener implements BrokerListener {

    /** One publication as the listener was notified of it. */
    public record Delivery(Publication publication, StreamPosition position) {}

    private final Map<String, List<Delivery>> publications = new ConcurrentHashMap<>();

    /**
     * The stream continued in another epoch.
     *
     * @param after how many publications had arrived
     */
    public record Continued(StreamPosition end, String epoch, int after) {}

    private final Map<String, List<Continued>> continued = new ConcurrentHashMap<>();

    private final Map<String, List<ClientInfo>> joins = new ConcurrentHashMap<>();

    private final Map<String, List<ClientInfo>> leaves = new ConcurrentHashMap<>();

    private final List<String> disturbed = new CopyOnWriteArrayList<>();

    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    private final Set<String> overlapped = ConcurrentHashMap.newKeySet();

    private volatile boolean failing;

    @Override
    public void onPublication(String channel, Publication publication, StreamPosition position) {
        alone(channel, () -> listOf(publications, channel).add(new Delivery(publication, position)));
    }

    @Override
    public void onJoin(String channel, ClientInfo info) {
        alone(channel, () -> listOf(joins, channel).add(info));
    }

    @Override
    public void onLeave(String channel, ClientInfo info) {
        alone(channel, () -> listOf(leaves, channel).add(info));
    }

    @Override
    public void onDisturbance(Collection<String> channels) {
        disturbed.addAll(channels);
    }

    @Override
    public void onEpochContinued(String channel, StreamPosition end, String epoch) {
        int after = listOf(publications, channel).size();
        alone(channel, () -> listOf(continued, channel).add(new Continued(end, epoch, after)));
    }

    /** Makes every call fail after it was remembered. */
    public void failFromNowOn() {
        failing = true;
    }

    private void alone(String channel, Runnable record) {
        if (!busy.add(channel)) {
            overlapped.add(channel);
        }
        record.run();
        busy.remove(channel);
        if (failing) {
            throw new IllegalStateException("The listener fails on purpose");
        }
    }

    private static <T> List<T> listOf(Map<String, List<T>> lists, String channel) {
        return lists.computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>());
    }

    /** What arrived in a channel. */
    public List<Delivery> deliveries(String channel) {
        return listOf(publications, channel);
    }

    /** The data of what arrived in a channel, read as text. */
    public List<String> texts(String channel) {
        return deliveries(channel).stream()
                .map(delivery -> delivery.publication().data().text())
                .toList();
    }

    /** Epochs that a channel continued in. */
    public List<Continued> continued(String channel) {
        return listOf(continued, channel);
    }

    /** Returns the joins of a channel. */
    public List<ClientInfo> joins(String channel) {
        return listOf(joins, channel);
    }

    /** Returns the leaves of a channel. */
    public List<ClientInfo> leaves(String channel) {
        return listOf(leaves, channel);
    }

    /** Channels in which something may have been missed. */
    public List<String> disturbed() {
        return disturbed;
    }

    /** Channels for which one call came while another was still running: must stay empty. */
    public Set<String> overlapped() {
        return overlapped;
    }
}
