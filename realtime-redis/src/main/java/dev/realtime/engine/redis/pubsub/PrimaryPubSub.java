package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.KeptConnection;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pub/sub connection to a server, kept as long as the server is needed. Belongs to the reconciler. */
final class PrimaryPubSub {

    private static final Logger logger = LoggerFactory.getLogger(PrimaryPubSub.class);

    private final ClusterView.Primary server;

    private final PubSubDialer dialer;

    private final boolean sharded;

    private final RedisStatistics statistics;

    private final ReceivedData received;

    private final PubSubConnection.Events events;

    private final Runnable opened;

    private final KeptConnection<PubSubConnection> kept;

    private @Nullable String problem;

    /**
     * @param executor the reconciler
     * @param opened called on the reconciler when a connection is there
     */
    PrimaryPubSub(
            ClusterView.Primary server,
            PubSubDialer dialer,
            boolean sharded,
            RedisEngineOptions options,
            RedisStatistics statistics,
            ReceivedData received,
            PubSubConnection.Events events,
            Executor executor,
            Runnable opened) {
        this.server = server;
        this.dialer = dialer;
        this.sharded = sharded;
        this.statistics = statistics;
        this.received = received;
        this.events = events;
        this.opened = opened;
        this.kept = new KeptConnection<>(
                new Owner(),
                new KeptConnection.Rules(
                        options.pingInterval(),
                        options.pingTimeout(),
                        role(options.topology(), sharded),
                        KeptConnection.Proof.REPLY,
                        options.topology() != RedisTopology.CLUSTER),
                executor,
                System::nanoTime);
    }

    private static KeptConnection.Role role(RedisTopology topology, boolean sharded) {
        return switch (topology) {
            case STANDALONE -> KeptConnection.Role.PRIMARY_IF_EVER;
            case SENTINEL -> KeptConnection.Role.PRIMARY;
            // In plain mode any node of a cluster hands on what is published.
            case CLUSTER -> sharded ? KeptConnection.Role.PRIMARY : KeptConnection.Role.ANY;
        };
    }

    ClusterView.Primary server() {
        return server;
    }

    /** Returns the open connection; {@code null} if there is none. */
    @Nullable
    PubSubConnection connection() {
        PubSubConnection connection = kept.connection();
        return connection != null && connection.isOpen() ? connection : null;
    }

    /** Returns why there is no connection; {@code null} while there is one, or before the first attempt ended. */
    @Nullable
    String problem() {
        return connection() == null ? problem : null;
    }

    /** Opens a connection that is missing, and checks one that is there. */
    void tick(long now) {
        kept.tick(now, true);
    }

    /** Returns whether the server should have replied by now. */
    boolean isSlow() {
        return kept.isSlow();
    }

    /** Leaves a connection to another process than this one, to which Sentinel or the name of the server led. */
    void keepOnly(String processRunId) {
        kept.keepOnly(processRunId);
    }

    /** Notes that a connection was closed. */
    void lost(PubSubConnection gone, String why) {
        kept.lost(gone, why);
    }

    /** Closes the connection as the server is no longer used; completes when it is closed. */
    CompletableFuture<Void> retire() {
        return kept.close("the server is no longer used");
    }

    @Override
    public String toString() {
        return server == ClusterView.SOLE ? "Redis" : server.address();
    }

    private final class Owner implements KeptConnection.Owner<PubSubConnection> {

        @Override
        public CompletionStage<PubSubConnection> dial() {
            return dialer.dial(server)
                    .thenApply(dialled -> new PubSubConnection(dialled, server, sharded, received, events));
        }

        @Override
        public void opened(PubSubConnection connection, boolean again) {
            problem = null;
            logger.debug("A pub/sub connection to {} is open", PrimaryPubSub.this);
            if (again) {
                statistics.count(Event.RECONNECT);
            }
            opened.run();
        }

        @Override
        public void failed(@Nullable Throwable failure) {
            problem = DriverErrors.text(failure);
            logger.debug("No pub/sub connection to {}: {}", PrimaryPubSub.this, problem);
        }

        @Override
        public void lost(String why, boolean replica) {
            problem = why;
            if (!kept.isClosed()) {
                logger.debug("The pub/sub connection to {} was lost: {}. A new one is opened", PrimaryPubSub.this, why);
            }
        }
    }
}
