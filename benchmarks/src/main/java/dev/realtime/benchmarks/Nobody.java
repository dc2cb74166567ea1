package dev.realtime.benchmarks;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.BrokerListener;
import java.util.Collection;

/** Broker listener without subscribers. */
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
