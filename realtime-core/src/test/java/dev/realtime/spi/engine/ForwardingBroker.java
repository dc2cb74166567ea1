package dev.realtime.spi.engine;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import reactor.core.publisher.Mono;

/**
 * Broker that forwards every call to another one, for tests to change some of them. Every read of a stream arrives at
 * {@link #history}.
 */
public class ForwardingBroker implements Broker {

    private final Broker broker;

    public ForwardingBroker(Broker broker) {
        this.broker = broker;
    }

    @Override
    public void start(BrokerListener listener) {
        broker.start(listener);
    }

    @Override
    public Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options) {
        return broker.publish(channel, publication, options);
    }

    @Override
    public Mono<Void> publishJoin(String channel, ClientInfo info) {
        return broker.publishJoin(channel, info);
    }

    @Override
    public Mono<Void> publishLeave(String channel, ClientInfo info) {
        return broker.publishLeave(channel, info);
    }

    @Override
    public Mono<Void> subscribe(String channel) {
        return broker.subscribe(channel);
    }

    @Override
    public Mono<Void> unsubscribe(String channel) {
        return broker.unsubscribe(channel);
    }

    @Override
    public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
        return broker.history(channel, query, options);
    }

    @Override
    public Mono<Void> removeHistory(String channel) {
        return broker.removeHistory(channel);
    }
}
