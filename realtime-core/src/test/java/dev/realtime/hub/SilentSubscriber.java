package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.statistics.NamespaceStatistics;
import dev.realtime.statistics.NodeStatistics;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/** Subscriber that ignores whatever it is handed. */
public class SilentSubscriber extends Subscriber {

    private final EventExecutor executor;

    private final DeliveryClass deliveryClass;

    private final boolean positioned;

    private @Nullable NamespaceStatistics statistics;

    /** @param positioned whether it watches offsets */
    public SilentSubscriber(EventExecutor executor, boolean positioned) {
        this(executor, DeliveryClass.of(WireForm.JSON_WEBSOCKET), positioned);
    }

    SilentSubscriber(EventExecutor executor, DeliveryClass deliveryClass, boolean positioned) {
        this.executor = executor;
        this.deliveryClass = deliveryClass;
        this.positioned = positioned;
    }

    @Override
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public DeliveryClass deliveryClass() {
        return deliveryClass;
    }

    @Override
    public NamespaceStatistics statistics() {
        NamespaceStatistics counters = statistics == null ? new NodeStatistics().namespace("") : statistics;
        statistics = counters;
        return counters;
    }

    @Override
    public boolean positioned() {
        return positioned;
    }

    @Override
    public int onPublications(ClassDelivery delivery) {
        return 0;
    }

    @Override
    public void onJoinOrLeave(SharedFrame frame) {}

    @Override
    public void onLoss(int publications) {}

    @Override
    public void onStreamTop(StreamTop top) {}

    @Override
    public void onInvalidation() {}

    @Override
    public void onEpochContinued(StreamPosition end, String epoch) {}

    @Override
    public void failed(Place place, Throwable failure) {}
}
