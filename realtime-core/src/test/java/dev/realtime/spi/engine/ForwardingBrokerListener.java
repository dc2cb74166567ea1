package dev.realtime.spi.engine;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.Collection;

/** Listener that forwards every call to another one, for tests to change some of them. */
public class ForwardingBrokerListener implements BrokerListener {

    private final BrokerListener listener;

    public ForwardingBrokerListener(BrokerListener listener) {
        this.listener = listener;
    }

    @Override
    public void onPublication(String channel, Publication publication, StreamPosition position) {
        listener.onPublication(channel, publication, position);
    }

    @Override
    public void onJoin(String channel, ClientInfo info) {
        listener.onJoin(channel, info);
    }

    @Override
    public void onLeave(String channel, ClientInfo info) {
        listener.onLeave(channel, info);
    }

    @Override
    public void onDisturbance(Collection<String> channels) {
        listener.onDisturbance(channels);
    }

    @Override
    public void onEpochContinued(String channel, StreamPosition end, String epoch) {
        listener.onEpochContinued(channel, end, epoch);
    }
}
