package dev.realtime.node;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.hub.Hub;
import dev.realtime.spi.engine.BrokerListener;
import java.util.Collection;

/** Listener that hands what the engine delivers to the hub, which therefore does not know the engine. */
final class HubBrokerListener implements BrokerListener {

    private final Hub hub;

    private final PositionChecks positionChecks;

    private final Object node;

    /** @param node names the node in the log */
    HubBrokerListener(Hub hub, PositionChecks positionChecks, Object node) {
        this.hub = hub;
        this.positionChecks = positionChecks;
        this.node = node;
    }

    @Override
    public void onPublication(String channel, Publication publication, StreamPosition position) {
        hub.publish(channel, publication, position);
    }

    @Override
    public void onJoin(String channel, ClientInfo info) {
        hub.join(channel, info);
    }

    @Override
    public void onLeave(String channel, ClientInfo info) {
        hub.leave(channel, info);
    }

    @Override
    public void onDisturbance(Collection<String> channels) {
        Boundary.run(Place.POSITION_CHECK, node, () -> positionChecks.check(channels));
    }

    @Override
    public void onEpochContinued(String channel, StreamPosition end, String epoch) {
        hub.continueEpoch(channel, end, epoch);
    }
}
