package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.driver.KeptConnection.Proof;
import dev.realtime.engine.redis.driver.KeptConnection.Role;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptConnectionTests {

    private static final String PRIMARY = "role:master\r\n";

    private static final String REPLICA = "role:slave\r\n";

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final ScriptedOwner owner = new ScriptedOwner();

    private long nowMillis;

    private KeptConnection<ScriptedConnection> kept = kept(Role.PRIMARY, Proof.REPLY);

    private KeptConnection<ScriptedConnection> kept(Role role, Proof proof) {
        return new KeptConnection<>(
                owner,
                new KeptConnection.Rules(Duration.ofSeconds(1), Duration.ofSeconds(2), role, proof, true),
                tasks::add,
                this::now);
    }

    private long now() {
        return Duration.ofMillis(nowMillis).toNanos();
    }

    private void tick() {
        kept.tick(now(), true);
        runTasks();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void tickAfter(long millis) {
        nowMillis += millis;
        tick();
    }

    private void failDial() {
        owner.dials.get(owner.dials.size() - 1).completeExceptionally(new IllegalStateException("refused"));
        runTasks();
    }

    /** Dials, and has a connection opened. */
    private ScriptedConnection connect() {
        tick();
        ScriptedConnection connection = new ScriptedConnection();
        owner.dials.get(owner.dials.size() - 1).complete(connection);
        runTasks();
        return connection;
    }

    private ScriptedConnection connectToPrimary() {
        ScriptedConnection connection = connect();
        connection.replyToPing();
        connection.tellRole(PRIMARY);
        runTasks();
        return connection;
    }

    @Test
    void firstTickDialsOnce() {
        tick();
        tick();

        assertThat(owner.dials).hasSize(1);
        assertThat(kept.dialing()).isTrue();
        assertThat(kept.connection()).isNull();
    }

    @Test
    void tickThatMayNotDialDoesNot() {
        kept.tick(now(), false);

        assertThat(owner.dials).isEmpty();
    }

    @Test
    void openedConnectionIsPingedAndAskedForRoleAndProcess() {
        ScriptedConnection connection = connect();

        assertThat(kept.connection()).isSameAs(connection);
        assertThat(connection.sent).containsExactly("open", "info server", "ping", "info replication", "flush");
        assertThat(owner.events).containsExactly("opened");
    }

    @Test
    void roleIsNotAskedForWhereAnyWillDo() {
        kept = kept(Role.ANY, Proof.REPLY);

        assertThat(connect().sent).containsExactly("open", "info server", "ping", "flush");
    }

    @Test
    void failedDialsAreRepeatedWithGrowingDelays() {
        tick();
        failDial();
        tickAfter(49);
        assertThat(owner.dials).hasSize(1);
        tickAfter(51);
        assertThat(owner.dials).hasSize(2);

        failDial();
        tickAfter(99);
        assertThat(owner.dials).hasSize(2);
        tickAfter(101);
        assertThat(owner.dials).hasSize(3);
        assertThat(owner.events).containsExactly("failed refused", "failed refused");
    }

    @Test
    void delayHasAMaximum() {
        for (int dial = 1; dial <= 10; dial++) {
            tickAfter(500);
            assertThat(owner.dials).hasSize(dial);
            failDial();
        }
    }

    @Test
    void workingConnectionThatWasLostIsReplacedImmediately() {
        ScriptedConnection connection = connectToPrimary();

        kept.lost(connection, "gone");

        assertThat(kept.connection()).isNull();
        assertThat(owner.events).containsExactly("opened", "lost gone");
        ScriptedConnection second = connect();
        assertThat(kept.connection()).isSameAs(second);
        assertThat(owner.events).containsExactly("opened", "lost gone", "opened again");
    }

    @Test
    void connectionThatWasLostBeforeAReplyIsReplacedAfterADelay() {
        ScriptedConnection connection = connect();

        kept.lost(connection, "gone");
        tick();

        assertThat(owner.dials).hasSize(1);
        tickAfter(100);
        assertThat(owner.dials).hasSize(2);
    }

    @Test
    void connectionThatWasLostBeforeAReplyIsReplacedImmediatelyWhereOpeningIsProof() {
        kept = kept(Role.PRIMARY, Proof.OPENING);
        ScriptedConnection connection = connect();

        kept.lost(connection, "gone");
        tick();

        assertThat(owner.dials).hasSize(2);
    }

    @Test
    void connectionThatIsClosedWhenItIsOpenedIsNotUsed() {
        tick();
        ScriptedConnection connection = new ScriptedConnection();
        connection.open = false;
        owner.dials.get(0).complete(connection);
        runTasks();

        assertThat(kept.connection()).isNull();
        assertThat(owner.events).containsExactly("lost it was closed immediately");
    }

    @Test
    void lossOfAnEarlierConnectionIsIgnored() {
        ScriptedConnection first = connectToPrimary();
        kept.lost(first, "gone");
        ScriptedConnection second = connect();

        kept.lost(first, "gone again");

        assertThat(kept.connection()).isSameAs(second);
        assertThat(second.closedBecause).isNull();
    }

    @Test
    void silentServerIsLeftAndNotDialledImmediately() {
        ScriptedConnection connection = connectToPrimary();
        tickAfter(1000);
        for (int step = 0; step < 10; step++) {
            tickAfter(200);
        }

        assertThat(connection.closedBecause).isEqualTo("it did not answer PING within 2000 ms");
        assertThat(owner.dials).hasSize(1);
        tickAfter(100);
        assertThat(owner.dials).hasSize(2);
    }

    @Test
    void serverThatIsLateIsSlowAndKept() {
        ScriptedConnection connection = connectToPrimary();
        tickAfter(1000);
        tickAfter(200);
        tickAfter(200);

        assertThat(kept.isSlow()).isTrue();
        connection.replyToPing();
        assertThat(kept.isSlow()).isFalse();
        assertThat(kept.connection()).isSameAs(connection);
    }

    @Test
    void primaryThatBecomesAReplicaIsLeft() {
        kept = kept(Role.PRIMARY_IF_EVER, Proof.OPENING);
        ScriptedConnection connection = connectToPrimary();
        tickAfter(1000);
        connection.tellRole(REPLICA);
        runTasks();

        assertThat(connection.closedBecause).isEqualTo("the server is now a replica");
        assertThat(owner.events).containsExactly("opened", "lost the server is now a replica (replica)");
        tick();
        assertThat(owner.dials).hasSize(1);
        tickAfter(100);
        assertThat(owner.dials).hasSize(2);
    }

    @Test
    void replicaFromTheBeginningIsLeftOnlyWhereAPrimaryIsDemanded() {
        kept = kept(Role.PRIMARY_IF_EVER, Proof.OPENING);
        ScriptedConnection tolerated = connect();
        tolerated.tellRole(REPLICA);
        runTasks();
        assertThat(kept.connection()).isSameAs(tolerated);

        kept = kept(Role.PRIMARY, Proof.OPENING);
        ScriptedConnection left = connect();
        left.tellRole(REPLICA);
        runTasks();
        assertThat(kept.connection()).isNull();
    }

    @Test
    void openingAfterAReplicaIsNoProofUntilAPrimaryIsFound() {
        kept = kept(Role.PRIMARY, Proof.OPENING);
        ScriptedConnection replica = connectToPrimary();
        tickAfter(1000);
        replica.tellRole(REPLICA);
        runTasks();
        nowMillis += 100;
        ScriptedConnection next = connect();
        kept.lost(next, "gone");
        tick();
        assertThat(owner.dials).hasSize(2);

        nowMillis += 200;
        ScriptedConnection primary = connectToPrimary();
        kept.lost(primary, "gone");
        tick();
        assertThat(owner.dials).hasSize(4);
    }

    @Test
    void roleOfAnEarlierConnectionIsIgnored() {
        ScriptedConnection first = connectToPrimary();
        tickAfter(1000);
        kept.lost(first, "gone");
        ScriptedConnection second = connect();

        first.tellRole(REPLICA);
        runTasks();

        assertThat(kept.connection()).isSameAs(second);
    }

    @Test
    void serverThatRefusesWritesAsAReplicaIsLeftAfterAMoment() {
        ScriptedConnection connection = connect();

        kept.refusedAsReplica();
        assertThat(kept.connection()).isSameAs(connection);

        nowMillis += 500;
        kept.refusedAsReplica();
        assertThat(kept.connection()).isNull();
    }

    @Test
    void onlyTheProcessThatIsThePrimaryIsKept() {
        ScriptedConnection connection = connectToPrimary();
        kept.keepOnly("b");
        assertThat(kept.connection()).as("identity unknown").isSameAs(connection);
        connection.tellProcess("a");
        runTasks();

        kept.keepOnly("a");
        assertThat(kept.connection()).isSameAs(connection);
        kept.keepOnly("b");
        assertThat(connection.closedBecause).isEqualTo("another server is now the primary");
        tick();
        assertThat(owner.dials).hasSize(2);
    }

    @Test
    void replicationIsHandedOnWithTheProcess() {
        ScriptedConnection connection = connect();
        connection.tellProcess("a");
        connection.tellRole(PRIMARY);
        runTasks();

        assertThat(owner.replication).containsExactly("a " + PRIMARY);
    }

    @Test
    void closeCompletesWithTheConnectionAndDialsNoMore() {
        ScriptedConnection connection = connectToPrimary();

        CompletableFuture<Void> closed = kept.close("stopped");

        assertThat(kept.isClosed()).isTrue();
        assertThat(connection.closedBecause).isEqualTo("stopped");
        assertThat(closed).isNotDone();
        connection.closed.complete(null);
        assertThat(closed).isCompleted();
        tickAfter(10_000);
        assertThat(owner.dials).hasSize(1);
    }

    @Test
    void connectionThatOpensAfterCloseIsDiscarded() {
        tick();
        assertThat(kept.close("stopped")).isCompleted();
        ScriptedConnection late = new ScriptedConnection();
        owner.dials.get(0).complete(late);
        runTasks();

        assertThat(late.sent).containsExactly("discard");
        assertThat(kept.connection()).isNull();
        assertThat(owner.events).isEmpty();
    }

    @Test
    void errorOfADialIsAFailedDial() {
        owner.thrown = new LinkageError("dial");
        tick();
        assertThat(kept.dialing()).isFalse();
        assertThat(owner.events).containsExactly("failed dial");

        owner.thrown = null;
        tickAfter(100);
        assertThat(owner.dials).hasSize(1);
    }

    @Test
    void errorOfTheOwnerOfAnOpenedConnectionEndsThatConnectionOnly() {
        tick();
        owner.thrown = new LinkageError("opened");
        ScriptedConnection connection = new ScriptedConnection();
        owner.dials.get(0).complete(connection);
        runTasks();

        assertThat(connection.closedBecause).contains("opened");
        owner.thrown = null;
        tick();
        assertThat(owner.dials).hasSize(1);
        nowMillis += 100;
        assertThat(kept.connection()).isNull();
        assertThat(connectToPrimary()).isSameAs(kept.connection());
    }

    @Test
    void errorOfAPingEndsThatConnectionOnly() {
        ScriptedConnection connection = connectToPrimary();
        connection.thrown = new OutOfMemoryError("ping");

        tickAfter(1000);

        assertThat(connection.closedBecause).contains("ping");
        nowMillis += 100;
        assertThat(connectToPrimary()).isSameAs(kept.connection());
    }

    @Test
    void errorOfTheOwnerOfALostConnectionDoesNotKeepItOpen() {
        ScriptedConnection connection = connectToPrimary();
        owner.thrown = new LinkageError("lost");

        kept.lost(connection, "gone");

        assertThat(connection.closedBecause).isEqualTo("gone");
        owner.thrown = null;
        assertThat(connect()).isSameAs(kept.connection());
    }

    @Test
    void errorOfTheOwnerThatReadsTheReplicationDoesNotHideTheRole() {
        ScriptedConnection connection = connectToPrimary();
        tickAfter(1000);
        owner.thrown = new LinkageError("replication");

        connection.tellRole(REPLICA);
        runTasks();

        assertThat(connection.closedBecause).isEqualTo("the server is now a replica");
    }

    private static final class ScriptedOwner implements KeptConnection.Owner<ScriptedConnection> {

        final List<CompletableFuture<ScriptedConnection>> dials = new ArrayList<>();

        final List<String> events = new ArrayList<>();

        final List<String> replication = new ArrayList<>();

        @Nullable
        Error thrown;

        private void fail() {
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public CompletionStage<ScriptedConnection> dial() {
            fail();
            CompletableFuture<ScriptedConnection> dial = new CompletableFuture<>();
            dials.add(dial);
            return dial;
        }

        @Override
        public void opened(ScriptedConnection connection, boolean again) {
            fail();
            events.add(again ? "opened again" : "opened");
        }

        @Override
        public void failed(@Nullable Throwable failure) {
            events.add("failed " + (failure == null ? "" : failure.getMessage()));
        }

        @Override
        public void lost(String why, boolean replica) {
            fail();
            events.add("lost " + why + (replica ? " (replica)" : ""));
        }

        @Override
        public void replication(@Nullable String runId, String info) {
            fail();
            replication.add(runId + " " + info);
        }
    }

    private static final class ScriptedConnection implements KeptConnection.Connection {

        final List<String> sent = new ArrayList<>();

        final CompletableFuture<Void> closed = new CompletableFuture<>();

        boolean open = true;

        @Nullable
        String closedBecause;

        @Nullable
        Error thrown;

        private CompletableFuture<String> ping = new CompletableFuture<>();

        private CompletableFuture<String> role = new CompletableFuture<>();

        private CompletableFuture<String> process = new CompletableFuture<>();

        void replyToPing() {
            ping.complete("PONG");
        }

        void tellRole(String info) {
            role.complete(info);
        }

        void tellProcess(String runId) {
            process.complete("run_id:" + runId + "\r\n");
        }

        @Override
        public void open() {
            sent.add("open");
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public CompletionStage<String> ping() {
            if (thrown != null) {
                throw thrown;
            }
            sent.add("ping");
            ping = new CompletableFuture<>();
            return ping;
        }

        @Override
        public CompletionStage<String> info(String section) {
            sent.add("info " + section);
            CompletableFuture<String> reply = new CompletableFuture<>();
            if (section.equals("server")) {
                process = reply;
            } else {
                role = reply;
            }
            return reply;
        }

        @Override
        public <T> CompletionStage<T> dispatch(CommandType command, CommandOutput<byte[], byte[], T> output) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush() {
            sent.add("flush");
        }

        @Override
        public long received() {
            return 0;
        }

        @Override
        public CompletableFuture<Void> close(String why) {
            closedBecause = why;
            return closed;
        }

        @Override
        public void discard() {
            sent.add("discard");
        }
    }
}
