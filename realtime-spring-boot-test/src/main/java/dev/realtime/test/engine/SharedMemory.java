package dev.realtime.test.engine;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.spi.engine.BrokerListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The memory engine behind several nodes of one JVM: streams and presence are one, and what is published reaches each
 * node that subscribed to the channel. History can be lost: then all streams are empty and have another epoch.
 */
public final class SharedMemory {

    private static final Logger logger = LoggerFactory.getLogger(SharedMemory.class);

    private final MemoryEngine memory;

    private final List<NodeEngine> nodes = new CopyOnWriteArrayList<>();

    /** Channels that may keep a history. */
    private final Set<String> streams = ConcurrentHashMap.newKeySet();

    /** Channels to the nodes that have a subscriber there, for occupancy. Guarded by itself. */
    private final Map<String, Set<NodeEngine>> occupied = new ConcurrentHashMap<>();

    private volatile int losses;

    /** @param memory not started */
    public SharedMemory(MemoryEngine memory) {
        this.memory = memory;
        memory.broker().start(new Listener());
    }

    /** Returns the engine of another node. */
    public NodeEngine newNode(Faults faults) {
        return new NodeEngine(this, memory, faults);
    }

    /** Loses the history of all channels, as a store does that was restarted empty; subscribers notice. */
    public void loseHistory() {
        List<String> lost = List.copyOf(streams);
        losses++;
        lost.forEach(channel -> memory.broker().removeHistory(channel).block());
        nodes.forEach(node -> node.disturbed(lost));
    }

    Mono<Void> started(NodeEngine node) {
        return Mono.defer(() -> {
            boolean first = nodes.isEmpty();
            nodes.add(node);
            return first ? memory.start() : Mono.empty();
        });
    }

    Mono<Void> stopped(NodeEngine node) {
        return Mono.defer(() -> {
            boolean was = nodes.remove(node);
            occupied.keySet().forEach(channel -> vacate(node, channel));
            return was && nodes.isEmpty() ? memory.stop() : Mono.empty();
        });
    }

    /** Nodes that commands and questions reach. */
    Flux<NodeEngine> reachable() {
        return Flux.fromIterable(nodes).filter(node -> !node.faults().isCutOff());
    }

    boolean isSubscribed(String channel) {
        return nodes.stream().anyMatch(node -> node.isSubscribed(channel));
    }

    void usesHistory(String channel, HistoryOptions options) {
        if (options.enabled()) {
            streams.add(channel);
        }
    }

    /** Returns a position with the epoch that clients see. */
    StreamPosition visible(StreamPosition position) {
        return losses == 0 || position.epoch().isEmpty()
                ? position
                : new StreamPosition(position.offset(), position.epoch() + "-" + losses);
    }

    boolean occupy(NodeEngine node, String channel) {
        synchronized (occupied) {
            Set<NodeEngine> all = occupied.computeIfAbsent(channel, name -> ConcurrentHashMap.newKeySet());
            return all.add(node) && all.size() == 1;
        }
    }

    boolean vacate(NodeEngine node, String channel) {
        synchronized (occupied) {
            Set<NodeEngine> all = occupied.get(channel);
            if (all == null || !all.remove(node) || !all.isEmpty()) {
                return false;
            }
            occupied.remove(channel);
            return true;
        }
    }

    /** Brings what arrives to the nodes that want it; a node that fails keeps it from no other. */
    private final class Listener implements BrokerListener {

        private void each(String channel, Consumer<BrokerListener> event) {
            for (NodeEngine node : nodes) {
                try {
                    node.deliver(channel, event);
                } catch (RuntimeException failure) {
                    logger.error("A node failed on what arrived in channel '{}', which is a defect", channel, failure);
                }
            }
        }

        @Override
        public void onPublication(String channel, Publication publication, StreamPosition position) {
            StreamPosition visible = visible(position);
            each(channel, listener -> listener.onPublication(channel, publication, visible));
        }

        @Override
        public void onJoin(String channel, ClientInfo info) {
            each(channel, listener -> listener.onJoin(channel, info));
        }

        @Override
        public void onLeave(String channel, ClientInfo info) {
            each(channel, listener -> listener.onLeave(channel, info));
        }

        @Override
        public void onDisturbance(Collection<String> channels) {
            nodes.forEach(node -> node.disturbed(channels));
        }

        @Override
        public void onEpochContinued(String channel, StreamPosition end, String epoch) {
            // The memory engine has one epoch for a stream.
        }
    }
}
