package dev.realtime.engine.redis.driver;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of one connection: opens it, watches it, and replaces it when it is lost, when its server is silent, and when
 * its server is a replica. Commands in progress are not sent again.
 *
 * <h2>State</h2>
 *
 * Either there is no connection and a time for the next attempt, or there is one connection with its heartbeat, its
 * role and the process it leads to.
 *
 * <h2>Order</h2>
 *
 * <ol>
 *   <li>{@link #tick} opens a connection when none is there and the time of the next attempt has come.
 *   <li>The connection is used, and its owner is notified.
 *   <li>{@link #tick} sends pings when they are due, and asks for the role with each.
 *   <li>A connection that is of no use any more is forgotten, the time of the next attempt is set, the owner is
 *       notified, and then the connection is closed.
 * </ol>
 *
 * A new connection is opened immediately if a working one was lost. Otherwise delays between attempts grow, so that
 * nodes that find a server silent or demoted together do not connect in the same moment, and not again and again while
 * it is.
 *
 * <h2>Failure</h2>
 *
 * Whatever an owner or a connection throws ends at most that connection. It is logged, and another one is opened after
 * a delay.
 *
 * <p>Belongs to one thread, the one of its executor.
 *
 * @param <C> type of the connection
 */
public final class KeptConnection<C extends KeptConnection.Connection> {

    private static final Logger logger = LoggerFactory.getLogger(KeptConnection.class);

    private static final Duration INITIAL_DELAY = Duration.ofMillis(100);

    /** Publications are to arrive again within a second after Redis is back. */
    private static final Duration MAX_DELAY = Duration.ofMillis(500);

    /** Connection that is kept. It never reconnects by itself. */
    public interface Connection extends ServerRole.Commands {

        /** Starts to report the end of the connection to its owner. */
        void open();

        boolean isOpen();

        CompletionStage<String> ping();

        /** Sends the commands that were not sent yet. */
        void flush();

        /** Returns a count of what arrived. */
        long received();

        /** Closes the connection, if it is not closed yet; completes when nothing of it is left. */
        CompletableFuture<Void> close(String why);

        /** Closes a connection that was never used, without a report. */
        void discard();
    }

    /** Opens connections and is notified of them; called on the executor. */
    public interface Owner<C> {

        /** Opens a connection; must not block. */
        CompletionStage<C> dial();

        /** Uses a connection from now on. */
        void opened(C connection, boolean again);

        /** Notes that a connection could not be opened. */
        void failed(@Nullable Throwable failure);

        /**
         * Notes that there is no connection any more.
         *
         * @param replica whether its server is a replica, so that a primary is being searched
         */
        void lost(String why, boolean replica);

        /**
         * Reads the state of the replication, which is asked for with each ping.
         *
         * @param runId of the process; {@code null} while unknown
         */
        default void replication(@Nullable String runId, String info) {}
    }

    /** Role that a server must have. */
    public enum Role {
        ANY,
        PRIMARY,
        /** A replica is left if it was a primary before: an address may lead to a replica from the beginning. */
        PRIMARY_IF_EVER
    }

    /** Evidence that a connection works. */
    public enum Proof {
        /** It was opened, unless the server before it was a replica. */
        OPENING,
        /** A ping was replied to. */
        REPLY
    }

    /**
     * Requirements for a connection.
     *
     * @param pingTimeout silence after which the connection is replaced
     * @param tracksProcess whether to read the identity of the process, for {@link #keepOnly}
     */
    public record Rules(Duration pingInterval, Duration pingTimeout, Role role, Proof proof, boolean tracksProcess) {}

    private enum Cause {
        LOSS,
        SILENCE,
        REPLICA,
        FAILURE
    }

    private final Owner<C> owner;

    private final Rules rules;

    private final Executor executor;

    private final LongSupplier clock;

    private final Backoff backoff = new Backoff(INITIAL_DELAY, MAX_DELAY);

    private @Nullable C connection;

    private Heartbeat heartbeat;

    private boolean dialing;

    private long nextDialAt;

    private long openedAt;

    private boolean wasConnected;

    /** Whether the server of this connection said that it is no replica. */
    private boolean wasPrimary;

    /** Whether the last server was a replica and no primary was found since. */
    private boolean replica;

    /** The last connection that was verified to work. Also written by event loops. */
    private volatile @Nullable C proven;

    /** Identity of the running process that the connection leads to; {@code null} while unknown. */
    private @Nullable String runId;

    private boolean closed;

    /** @param clock in nanoseconds, as {@code System.nanoTime()} */
    public KeptConnection(Owner<C> owner, Rules rules, Executor executor, LongSupplier clock) {
        this.owner = owner;
        this.rules = rules;
        this.executor = executor;
        this.clock = clock;
        this.nextDialAt = clock.getAsLong();
        this.heartbeat = new Heartbeat(rules.pingInterval(), rules.pingTimeout(), nextDialAt);
    }

    /** Returns the connection; {@code null} if there is none. It may have been closed a moment ago. */
    public @Nullable C connection() {
        return connection;
    }

    /** Returns whether a connection is being opened. */
    public boolean dialing() {
        return dialing;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Returns whether the server should have replied to a ping by now. */
    public boolean isSlow() {
        return connection != null && heartbeat.isSlow();
    }

    /**
     * Opens a connection that is missing, and checks one that is there. To be called every moment.
     *
     * @param mayDial whether a connection may be opened now if there is none
     */
    public void tick(long now, boolean mayDial) {
        C open = connection;
        if (open == null) {
            if (mayDial && !dialing && !closed && now - nextDialAt >= 0) {
                dial();
            }
            return;
        }
        if (heartbeat.due(now)) {
            ping(open, heartbeat);
        }
        if (heartbeat.overdue(now, open.received())) {
            replace(open, "it did not answer PING within " + rules.pingTimeout().toMillis() + " ms", Cause.SILENCE);
        }
    }

    /** Step 1. */
    private void dial() {
        dialing = true;
        try {
            owner.dial().whenCompleteAsync(this::dialled, executor);
        } catch (Throwable thrown) {
            dialled(null, thrown);
        }
    }

    private void dialled(@Nullable C opened, @Nullable Throwable failure) {
        dialing = false;
        if (opened == null) {
            nextDialAt = clock.getAsLong() + backoff.next();
            notifyOwner(() -> owner.failed(failure));
        } else if (closed) {
            opened.discard();
        } else {
            use(opened);
        }
    }

    /** Step 2. */
    private void use(C opened) {
        connection = opened;
        openedAt = clock.getAsLong();
        wasPrimary = false;
        runId = null;
        heartbeat = new Heartbeat(rules.pingInterval(), rules.pingTimeout(), openedAt);
        if (rules.proof() == Proof.OPENING && !replica) {
            proven = opened;
        }
        try {
            opened.open();
            if (!opened.isOpen()) {
                replace(opened, "it was closed immediately", Cause.LOSS);
                return;
            }
            if (rules.tracksProcess()) {
                opened.info("server").thenAcceptAsync(server -> identify(opened, server), executor);
            }
            tick(clock.getAsLong(), true);
            if (opened == connection) {
                owner.opened(opened, wasConnected);
                wasConnected = true;
                if (opened == proven) {
                    backoff.reset();
                }
            }
        } catch (Throwable thrown) {
            failed(opened, thrown);
        }
    }

    private void identify(C identified, String server) {
        if (identified == connection) {
            runId = ServerInfo.field(server, "run_id");
        }
    }

    /** Step 3. */
    private void ping(C pinged, Heartbeat beat) {
        try {
            pinged.ping().whenComplete((pong, failure) -> {
                beat.ended(failure);
                if (failure == null && rules.proof() == Proof.REPLY) {
                    proven = pinged;
                }
            });
            if (rules.role() != Role.ANY) {
                ServerRole.replication(pinged).thenAcceptAsync(info -> checkRole(pinged, info), executor);
            }
            pinged.flush();
        } catch (Throwable thrown) {
            failed(pinged, thrown);
        }
    }

    private void checkRole(C checked, String info) {
        if (checked != connection) {
            return;
        }
        notifyOwner(() -> owner.replication(runId, info));
        boolean tolerated = rules.role() == Role.PRIMARY_IF_EVER && !wasPrimary;
        if (!ServerInfo.isReplica(info)) {
            wasPrimary = true;
            replica = false;
            proven = checked;
            backoff.reset();
        } else if (!tolerated) {
            leaveReplica(checked);
        }
    }

    /**
     * Notes that the server refused a write as it is a replica. One that was just connected to is given a moment to be
     * promoted.
     */
    public void refusedAsReplica() {
        C open = connection;
        if (open != null && clock.getAsLong() - openedAt >= MAX_DELAY.toNanos()) {
            leaveReplica(open);
        }
    }

    private void leaveReplica(C left) {
        replace(left, "the server is now a replica", Cause.REPLICA);
    }

    /** Replaces a connection that leads to another process than this one, which is the primary. */
    public void keepOnly(String processRunId) {
        C open = connection;
        if (open != null && runId != null && !runId.equals(processRunId)) {
            replace(open, "another server is now the primary", Cause.LOSS);
        }
    }

    /** Notes that a connection was closed; ignored if it is not the one that is used. */
    public void lost(C gone, String why) {
        replace(gone, why, Cause.LOSS);
    }

    private void failed(C failing, Throwable thrown) {
        logger.error("A connection to Redis failed unexpectedly; opening a new one", thrown);
        replace(failing, "it failed unexpectedly: " + thrown, Cause.FAILURE);
    }

    /** Step 4. */
    private CompletableFuture<Void> replace(C gone, String why, Cause cause) {
        if (gone != connection) {
            return CompletableFuture.completedFuture(null);
        }
        connection = null;
        replica |= cause == Cause.REPLICA;
        boolean worked = gone == proven;
        if (worked && (cause == Cause.LOSS || cause == Cause.SILENCE)) {
            backoff.reset();
        }
        nextDialAt = clock.getAsLong() + (worked && cause == Cause.LOSS ? 0 : backoff.next());
        notifyOwner(() -> owner.lost(why, cause == Cause.REPLICA));
        try {
            return gone.close(why);
        } catch (Throwable thrown) {
            logger.error("A connection to Redis could not be closed", thrown);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void notifyOwner(Runnable notification) {
        try {
            notification.run();
        } catch (Throwable thrown) {
            logger.error("A callback of a connection to Redis failed; the connection stays open", thrown);
        }
    }

    /** Closes the connection for good; completes when it is closed. */
    public CompletableFuture<Void> close(String why) {
        closed = true;
        C open = connection;
        return open == null ? CompletableFuture.completedFuture(null) : replace(open, why, Cause.LOSS);
    }
}
