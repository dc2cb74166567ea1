package dev.realtime.benchmarks;

import dev.realtime.engine.BrokerListener;
import dev.realtime.protocol.ClientInfo;
import dev.realtime.protocol.Publication;
import dev.realtime.protocol.StreamPosition;
import java.util.Collection;

/** Nobody is subscribed. */
enum Nobody implements BrokerListener {
    INSTANCE;

    @Override
    public void onPublication(String channel, Publication publication, StreamPosition position) {}

    @Override
    public void onJoin(String channel, ClientInfo info) {}

    @Override
    public void onLeave(String channel, ClientInfo info) {}

    @Override
    public void onDisturbance(Collection<String> channels) {}

    @Override
    public void onEpochContinued(String channel, StreamPosition end, String epoch) {}
}
