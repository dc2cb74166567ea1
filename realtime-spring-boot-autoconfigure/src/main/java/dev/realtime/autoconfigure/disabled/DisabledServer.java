package dev.realtime.autoconfigure.disabled;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.ConnectedClient;
import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Server without clients, channels and history, which accepts every call and does nothing. */
final class DisabledServer {

    RealtimePublisher publisher() {
        return new Publisher();
    }

    RealtimeChannels channels() {
        return new Channels();
    }

    RealtimePresence presence() {
        return new Presence();
    }

    RealtimeClients clients() {
        return new Clients();
    }

    private static final class Publisher implements RealtimePublisher {

        @Override
        public Mono<PublishResult> publish(String channel, Object data, PublishOptions options) {
            return Mono.just(PublishResult.WITHOUT_HISTORY);
        }

        @Override
        public Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options) {
            return Mono.empty();
        }

        @Override
        public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options) {
            return Flux.fromIterable(List.copyOf(channels))
                    .map(channel -> new BroadcastOutcome(channel, PublishResult.WITHOUT_HISTORY, null));
        }

        @Override
        public Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options) {
            return Mono.just(PublishResult.WITHOUT_HISTORY);
        }
    }

    private static final class Channels implements RealtimeChannels {

        @Override
        public Mono<Void> subscribe(String userId, String channel, SubscribeOptions options) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> invalidate(String channel) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> unsubscribe(String userId, String channel, ConnectionFilter connections) {
            return Mono.empty();
        }

        @Override
        public Mono<HistoryResult> history(String channel, HistoryQuery query) {
            return Mono.just(new HistoryResult(List.of(), StreamPosition.NONE));
        }

        @Override
        public Mono<Void> removeHistory(String channel) {
            return Mono.empty();
        }

        @Override
        public Mono<Map<String, Integer>> list(String pattern) {
            return Mono.just(Map.of());
        }
    }

    private static final class Presence implements RealtimePresence {

        @Override
        public Mono<Map<String, ClientInfo>> presence(String channel) {
            return Mono.just(Map.of());
        }

        @Override
        public Mono<PresenceStats> stats(String channel) {
            return Mono.just(new PresenceStats(0, 0));
        }
    }

    private static final class Clients implements RealtimeClients {

        @Override
        public Flux<ConnectedClient> connections(String userId) {
            return Flux.empty();
        }

        @Override
        public Mono<Void> disconnect(
                String userId, ConnectionFilter connections, Disconnect disconnect, Set<String> except) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> refresh(
                String userId, ConnectionFilter connections, @Nullable Instant expireAt, @Nullable Object info) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> expire(String userId, ConnectionFilter connections) {
            return Mono.empty();
        }

        @Override
        public Mono<List<NodeDescription>> nodes() {
            return Mono.just(List.of());
        }
    }
}
