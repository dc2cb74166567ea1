package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The servers that pub/sub connections are kept to: with sharded pub/sub every primary, in plain mode one of them.
 * Belongs to the reconciler.
 */
final class PubSubPool {

    private final boolean sharded;

    private final Function<ClusterView.Primary, PrimaryPubSub> maker;

    /** By key of the server, in no special order. */
    private final Map<String, PrimaryPubSub> targets = new LinkedHashMap<>();

    PubSubPool(boolean sharded, Function<ClusterView.Primary, PrimaryPubSub> maker) {
        this.sharded = sharded;
        this.maker = maker;
    }

    /**
     * Keeps connections to what is needed now.
     *
     * @param left receives the servers that are not used any more
     */
    void use(ClusterView view, Consumer<String> left) {
        List<ClusterView.Primary> needed = sharded ? view.primaries() : List.of(one(view.primaries()));
        targets.entrySet().removeIf(entry -> {
            boolean gone = needed.stream().noneMatch(primary -> primary.key().equals(entry.getKey()));
            if (gone) {
                left.accept(entry.getKey());
                entry.getValue().retire();
            }
            return gone;
        });
        needed.forEach(primary -> targets.computeIfAbsent(primary.key(), key -> maker.apply(primary)));
    }

    /** The one that is used, as long as it can be reached or nothing is known of it yet, else another one. */
    private ClusterView.Primary one(List<ClusterView.Primary> primaries) {
        PrimaryPubSub used = targets.values().stream().findFirst().orElse(null);
        List<ClusterView.Primary> others = new ArrayList<>();
        for (ClusterView.Primary primary : primaries) {
            boolean same = used != null && primary.key().equals(used.server().key());
            if (same && (used.connection() != null || used.problem() == null)) {
                return primary;
            }
            if (!same && !primary.failed()) {
                others.add(primary);
            }
        }
        List<ClusterView.Primary> choice = others.isEmpty() ? primaries : others;
        return choice.get(ThreadLocalRandom.current().nextInt(choice.size()));
    }

    boolean sharded() {
        return sharded;
    }

    /** The connection that owns what this server owns; {@code null} if there is none. */
    @Nullable
    PubSubConnection connectionFor(ClusterView.@Nullable Primary owner) {
        PrimaryPubSub target = !sharded
                ? targets.values().stream().findFirst().orElse(null)
                : owner == null ? null : targets.get(owner.key());
        return target == null ? null : target.connection();
    }

    /** Connections that are open. */
    Collection<PubSubConnection> open() {
        List<PubSubConnection> open = new ArrayList<>(targets.size());
        for (PrimaryPubSub target : targets.values()) {
            PubSubConnection connection = target.connection();
            if (connection != null) {
                open.add(connection);
            }
        }
        return open;
    }

    void forEach(BiConsumer<String, PrimaryPubSub> action) {
        targets.forEach(action);
    }

    /** Returns why one of the connections is missing; {@code null} if none is. */
    @Nullable
    String problem() {
        for (PrimaryPubSub target : targets.values()) {
            if (target.connection() == null) {
                String why = target.problem();
                return "There is no pub/sub connection to " + target + (why == null ? "" : ": " + why);
            }
        }
        return null;
    }

    /** Ends all; completes when they are closed. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> closed = CompletableFuture.allOf(
                targets.values().stream().map(PrimaryPubSub::retire).toArray(CompletableFuture[]::new));
        targets.clear();
        return closed;
    }
}
