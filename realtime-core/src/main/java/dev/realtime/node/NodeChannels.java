package dev.realtime.node;

import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** The channels bean of a node. */
final class NodeChannels implements RealtimeChannels {

    private final ChannelOperations operations;

    private final ControlBus controlBus;

    private final Clock clock;

    NodeChannels(ChannelOperations operations, ControlBus controlBus, Clock clock) {
        this.operations = operations;
        this.controlBus = controlBus;
        this.clock = clock;
    }

    @Override
    public Mono<Void> subscribe(String userId, String channel, SubscribeOptions options) {
        return Mono.defer(() -> {
            operations.channel(channel);
            long expireAtSeconds = UnixTime.seconds(options.expireAt());
            refuseExpired(expireAtSeconds);
            return controlBus.broadcast(new ControlCommand.SubscribeClients(
                    selector(userId, options.connections()),
                    channel,
                    operations.payloadOrNull(options.info()),
                    operations.payloadOrNull(options.data()),
                    options.recoverSince(),
                    expireAtSeconds,
                    options.overrides(),
                    options.filter()));
        });
    }

    private void refuseExpired(long expireAtSeconds) {
        if (expireAtSeconds > 0 && expireAtSeconds <= clock.instant().getEpochSecond()) {
            throw new RealtimeException(
                    ClientError.EXPIRED,
                    "The subscription would end before it started: " + expireAtSeconds
                            + " is past as seconds since 1970. Name a later time, or 0 for no end.");
        }
    }

    @Override
    public Mono<Void> unsubscribe(String userId, String channel, ConnectionFilter connections) {
        return Mono.defer(() -> {
            operations.channel(channel);
            return controlBus.broadcast(
                    new ControlCommand.UnsubscribeClients(selector(userId, connections), channel, Unsubscribe.SERVER));
        });
    }

    @Override
    public Mono<Void> invalidate(String channel) {
        return Mono.defer(() -> {
            operations.channel(channel);
            return controlBus.broadcast(new ControlCommand.InvalidateChannel(channel));
        });
    }

    @Override
    public Mono<HistoryResult> history(String channel, HistoryQuery query) {
        return Mono.defer(() -> operations.history(operations.channel(channel), query));
    }

    @Override
    public Mono<Void> removeHistory(String channel) {
        return Mono.defer(() -> operations.removeHistory(operations.channel(channel)));
    }

    @Override
    public Mono<Map<String, Integer>> list(String pattern) {
        return Mono.defer(() -> {
            // ClientRefusedException here, with the reason, rather than on every node.
            ChannelPattern.compile(pattern);
            return controlBus
                    .survey(new ControlQuestion.Channels(pattern))
                    .ofType(ControlAnswer.Channels.class)
                    .collect(
                            TreeMap::new,
                            (Map<String, Integer> all, ControlAnswer.Channels answer) ->
                                    answer.clients().forEach((name, count) -> all.merge(name, count, Integer::sum)));
        });
    }

    static ClientSelector selector(String userId, ConnectionFilter connections) {
        return new ClientSelector(userId, connections.clientId(), "", Set.of());
    }
}
