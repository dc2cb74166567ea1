package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Backoff;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.Heartbeat;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.ServerInfo;
import dev.realtime.engine.redis.driver.ServerRole;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one pub/sub connection to a server open and proves it, as long as the server is needed. Belongs to the thread
 * of the reconciler.
 */
final class PrimaryPubSub {

    private static final Logger logger = LoggerFactory.getLogger(PrimaryPubSub.class);

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    /** Publications are to arrive again within a second after Redis is back. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

    private final ClusterView.Primary server;

    private final PubSubDialer dialer;

    private final RedisEngineOptions options;

    private final boolean sharded;

    private final RedisStatistics statistics;

    private final ReceivedData received;

    private final PubSubConnection.Events events;

    /** The reconciler. */
    private final Executor executor;

    /** Called on the reconciler when a connection is there. */
    private final Runnable opened;

    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    private @Nullable PubSubConnection connection;

    private Heartbeat heartbeat;

    /** Whether the connection is closed because the server is silent. */
    private boolean silent;

    /** Whether the connection is closed because its server is a replica. */
    private boolean replica;

    private boolean dialing;

    private long nextDialAt;

    private boolean wasConnected;

    /** The last connection that answered. Written by event loops. */
    private volatile @Nullable PubSubConnection answered;

    /** Whether the server of this connection said that it is no replica. */
    private boolean wasPrimary;

    /** Identity of the running process that the connection leads to; {@code null} while unknown. */
    private @Nullable String runId;

    private @Nullable String problem;

    private boolean retired;

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
        this.options = options;
        this.statistics = statistics;
        this.received = received;
        this.events = events;
        this.executor = executor;
        this.opened = opened;
        this.nextDialAt = System.nanoTime();
        this.heartbeat = new Heartbeat(options.pingInterval(), options.pingTimeout(), nextDialAt);
    }

    ClusterView.Primary server() {
        return server;
    }

    /** The open connection, if there is one. */
    @Nullable
    PubSubConnection connection() {
        return connection != null && connection.isOpen() ? connection : null;
    }

    /** Why there is no connection; {@code null} while there is one, or before the first attempt ended. */
    @Nullable
    String problem() {
        return connection() == null ? problem : null;
    }

    /** Opens what is missing, proves what is there. */
    void tick(long now) {
        if (connection == null) {
            if (!dialing && now - nextDialAt >= 0) {
                dial();
            }
            return;
        }
        if (heartbeat.due(now)) {
            ping(connection, heartbeat);
        }
        if (heartbeat.overdue(now, connection.received())) {
            silent = true;
            connection.close(
                    "it did not answer PING within " + options.pingTimeout().toMillis() + " ms");
        }
    }

    /** Whether the server should have answered by now. */
    boolean isSlow() {
        return connection != null && heartbeat.isSlow();
    }

    private void dial() {
        dialing = true;
        try {
            dialer.dial(server).whenCompleteAsync(this::dialled, executor);
        } catch (RuntimeException refused) {
            dialled(null, refused);
        }
    }

    private void dialled(@Nullable StatefulRedisPubSubConnection<byte[], byte[]> opening, @Nullable Throwable failure) {
        dialing = false;
        if (opening == null) {
            nextDialAt = System.nanoTime() + backoff.next();
            problem = DriverErrors.text(failure);
            logger.debug("No pub/sub connection to {}: {}", this, problem);
        } else if (retired) {
            opening.closeAsync();
        } else {
            use(new PubSubConnection(opening, server, sharded, received, events));
        }
    }

    private void use(PubSubConnection opening) {
        connection = opening;
        problem = null;
        wasPrimary = false;
        runId = null;
        heartbeat = new Heartbeat(options.pingInterval(), options.pingTimeout(), System.nanoTime());
        logger.debug("A pub/sub connection to {} is open", this);
        opening.open();
        if (wasConnected) {
            statistics.count(Event.RECONNECT);
        }
        wasConnected = true;
        if (options.topology() != RedisTopology.CLUSTER) {
            opening.info("server")
                    .thenAcceptAsync(
                            server -> runId = opening == connection ? ServerInfo.field(server, "run_id") : runId,
                            executor);
        }
        tick(System.nanoTime());
        opened.run();
    }

    private void ping(PubSubConnection pinged, Heartbeat beat) {
        pinged.ping().whenComplete((pong, failure) -> {
            beat.ended(failure);
            if (failure == null) {
                answered = pinged;
            }
        });
        if (mustBePrimary()) {
            ServerRole.replication(pinged).thenAcceptAsync(info -> checkRole(pinged, info), executor);
        }
        pinged.flush();
    }

    /** In plain mode any node of a cluster hands on what is published. */
    private boolean mustBePrimary() {
        return sharded || options.topology() != RedisTopology.CLUSTER;
    }

    private void checkRole(PubSubConnection checked, String replication) {
        if (checked != connection) {
            return;
        }
        // An address may lead to a replica from the beginning. What it is good for is not to be judged here.
        boolean tolerated = options.topology() == RedisTopology.STANDALONE && !wasPrimary;
        if (!ServerInfo.isReplica(replication)) {
            wasPrimary = true;
            backoff.reset();
        } else if (!tolerated) {
            replica = true;
            checked.close("the server is a replica now");
        }
    }

    /**
     * A look at Sentinel, or at the name of the server, led to this process: another one is not to be used any more.
     */
    void keepOnly(String processRunId) {
        if (connection != null && runId != null && !runId.equals(processRunId)) {
            connection.close("another server is the primary now");
        }
    }

    /** The connection is gone. */
    void lost(PubSubConnection gone, String why) {
        if (gone == connection) {
            connection = null;
            problem = why;
            boolean proved = gone == answered;
            if (proved && !replica) {
                backoff.reset();
            }
            // Nodes that find a server silent or demoted together do not connect in the same moment, and not again and
            // again while it is.
            nextDialAt = System.nanoTime() + (proved && !silent && !replica ? 0 : backoff.next());
            silent = false;
            replica = false;
            if (!retired) {
                logger.debug("The pub/sub connection to {} was lost: {}. A new one is opened", this, why);
            }
        }
    }

    /** The server is not needed any more. Completes when the connection is closed. */
    CompletableFuture<Void> retire() {
        retired = true;
        if (connection == null) {
            return CompletableFuture.completedFuture(null);
        }
        connection.close("the server is not needed any more");
        return connection.closed();
    }

    @Override
    public String toString() {
        return server == ClusterView.SOLE ? "Redis" : server.address();
    }
}
