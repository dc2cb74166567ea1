package dev.realtime.engine.redis.loss;

import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.BrokerListener;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.ForwardingBroker;
import dev.realtime.spi.engine.ForwardingBrokerListener;
import dev.realtime.spi.engine.ForwardingEngine;
import java.util.function.BooleanSupplier;

/** Engine that keeps publications from its node while a condition holds, and reports nothing about it. */
final class LeakyEngine extends ForwardingEngine {

    private final BooleanSupplier leaks;

    LeakyEngine(Engine engine, BooleanSupplier leaks) {
        super(engine);
        this.leaks = leaks;
    }

    @Override
    public Broker broker() {
        return new ForwardingBroker(super.broker()) {
            @Override
            public void start(BrokerListener listener) {
                super.start(new LeakyListener(listener));
            }
        };
    }

    private final class LeakyListener extends ForwardingBrokerListener {

        LeakyListener(BrokerListener listener) {
            super(listener);
        }

        @Override
        public void onPublication(String channel, Publication publication, StreamPosition position) {
            if (!leaks.getAsBoolean()) {
                super.onPublication(channel, publication, position);
            }
        }
    }
}
