package dev.realtime.engine.redis.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.epoch.ScriptedRedis.Call;
import dev.realtime.engine.redis.epoch.SimulatedStream.Server;
import dev.realtime.engine.redis.epoch.SimulatedStream.State;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.stream.PublishReply;
import dev.realtime.spi.engine.AppendOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The fence of one node itself, on a simulated Redis, under random sequences of failovers: several in a row, by
 * replicas that are behind each other, back to the former primary, restarts with older data, and moves of the slot
 * between two primaries. Commands reach the former primary for a while, and replies of publishes and reads arrive late.
 * In the end no client may be assured that nothing was lost when an acknowledged publication is; and where nothing was
 * lost, all clients continue. Each sequence is named by its seed.
 */
class FenceSimulationTests {

    private static final int SEQUENCES = Boolean.getBoolean("campaign") ? 10_000 : 300;

    /** {@code -Dseed=} begins with another sequence. */
    private static final int FIRST_SEED = Integer.getInteger("seed", 0);

    private static final int STEPS = 40;

    private static final String CHANNEL = "chat:room";

    @Test
    void nobodyContinuesOverALossAndEverybodyElseDoes() {
        int losses = 0;
        int continued = 0;
        int chains = 0;
        for (int seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
            Sequence sequence = new Sequence(seed);
            sequence.run();
            losses += sequence.lost ? 1 : 0;
            continued += sequence.continued;
            chains += sequence.changes > 1 ? 1 : 0;
        }

        assertThat(losses).as("sequences that lost something").isGreaterThan(SEQUENCES / 10);
        assertThat(continued).as("clients that continued").isGreaterThan(SEQUENCES / 4);
        assertThat(chains).as("sequences with several changes of generation").isGreaterThan(SEQUENCES / 4);
    }

    /** A client that came first when so many were published, was brought up to a place, and went away. */
    private record Client(StreamPosition place, int published) {}

    /** The servers of some slots: one primary, and those that follow it or are cut off. */
    private static final class Shard {

        final String owner;

        final List<Server> servers = new ArrayList<>();

        Server primary;

        /** Where commands go, for a while after another one was promoted. */
        Server reached;

        Shard(String owner, SimulatedStream stream) {
            this.owner = owner;
            String generation = stream.newGeneration();
            for (int i = 0; i < 3; i++) {
                servers.add(new Server(owner + i, generation));
            }
            primary = servers.get(0);
            primary.leads = true;
            reached = primary;
        }
    }

    private static final class Sequence {

        private final int seed;

        private final Random random;

        private final FenceRig rig = new FenceRig();

        private final SimulatedStream stream = new SimulatedStream();

        private final Shard[] shards = {new Shard("A", stream), new Shard("B", stream)};

        private final int partition = rig.keys.of(CHANNEL).partition();

        /** Owner of the stream. */
        private Shard shard = shards[0];

        private final List<Runnable> replies = new ArrayList<>();

        private boolean holding;

        private final Set<Integer> acknowledged = new HashSet<>();

        private final List<Client> clients = new ArrayList<>();

        private final List<String> steps = new ArrayList<>();

        private int changes;

        /** Something happened after which clients may have to begin from nothing though nothing was lost. */
        private boolean doubtful;

        private boolean lost;

        private boolean resting;

        private int continued;

        Sequence(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            rig.redis.onReplication(this::describePrimaries);
            rig.redis.answer(
                    Script.HISTORY,
                    call -> reply(call, () -> {
                        State state = stream.open(shard.reached);
                        return FenceRig.history(state.top(), state.epoch(), state.pastText());
                    }));
            rig.redis.answer(
                    Script.PUBLISH,
                    call -> reply(call, () -> {
                        stream.publish(shard.reached);
                        State state = stream.open(shard.reached);
                        return new PublishReply(
                                new PublishResult(new StreamPosition(state.top(), state.epoch()), Suppression.NONE),
                                "");
                    }));
            rig.redis.answer(Script.EPOCHS, call -> {
                State state = shard.reached.state() == null ? null : stream.open(shard.reached);
                List<Object> reply = new ArrayList<>();
                for (int left = Integer.parseInt(call.words().get(1)); left > 0; left--) {
                    reply.add(state == null ? 0L : state.top());
                    reply.add(ScriptedRedis.bytes(state == null ? "" : state.epoch()));
                    reply.add(ScriptedRedis.bytes(state == null ? "" : state.pastText()));
                }
                return reply;
            });
            rig.redis.answer(Script.NOTE_SEEN, call -> {
                List<String> arguments = call.arguments();
                return stream.noteSeen(shard.reached, arguments.get(3), Long.parseLong(arguments.get(4)));
            });
            rig.redis.answer(
                    Script.END_EPOCH,
                    call -> stream.endEpoch(shard.reached, call.arguments().get(2)));
        }

        /** Executes a script now; its reply may arrive later. */
        private @Nullable Object reply(Call call, Supplier<Object> script) {
            doubtful |= shard.reached != shard.primary;
            Object reply = script.get();
            if (!holding) {
                return reply;
            }
            replies.add(() -> call.answer(reply));
            return null;
        }

        void run() {
            for (int i = 0; i < FenceRig.PARTITIONS + 1; i++) {
                rig.redis.own(i % 2 == 0 ? "A" : "B", i);
            }
            rig.redis.own(shard.owner, partition);
            round();
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            comeToRest();
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> publish();
                case 4, 5 -> join();
                case 6, 7 -> replicate();
                case 8, 9 -> round();
                case 10 -> promote();
                case 11 -> reach();
                case 12 -> followAgain();
                case 13 -> answerOne();
                case 14 -> moveSlot();
                default -> rareStep();
            }
        }

        private void rareStep() {
            if (random.nextBoolean()) {
                comeBackToTheFormer();
            } else {
                restart();
            }
        }

        private void publish() {
            steps.add("publish at " + shard.reached.name);
            holding = random.nextInt(3) == 0;
            int number = stream.published() + 1;
            rig.broker
                    .publish(CHANNEL, Publication.of(Payload.ofText("1")), AppendOptions.keeping(StartedEngine.HISTORY))
                    .subscribe(
                            result -> {
                                steps.add(number + " is acknowledged at " + result.position());
                                acknowledged.add(number);
                            },
                            refused -> {});
            holding = false;
        }

        private void join() {
            steps.add("a client reads at " + shard.reached.name);
            holding = random.nextInt(3) == 0;
            int published = stream.published();
            history(null).thenAccept(read -> {
                if (read != null) {
                    StreamPosition place = read.position();
                    steps.add("and is at " + place);
                    clients.add(new Client(place, published));
                }
            });
            holding = false;
        }

        private CompletableFuture<@Nullable HistoryResult> history(@Nullable StreamPosition since) {
            return rig.broker
                    .history(CHANNEL, new HistoryQuery(0, since, false), StartedEngine.HISTORY)
                    .toFuture()
                    .exceptionally(error -> null);
        }

        private void replicate() {
            Shard some = shards[random.nextInt(2)];
            Server replica = some.servers.get(random.nextInt(3));
            if (replica != some.primary && replica.generation.equals(some.primary.generation)) {
                stream.follow(
                        replica,
                        some.primary,
                        replica.changes()
                                + 1
                                + random.nextInt(Math.max(1, some.primary.changes() - replica.changes() + 1)));
                steps.add(replica.name + " has " + replica.changes() + " changes");
            }
        }

        /** A server that was left behind follows the present primary, perhaps not up to its end. */
        private void followAgain() {
            Server behind = shard.servers.get(random.nextInt(3));
            if (behind != shard.primary && behind != shard.reached) {
                stream.follow(behind, shard.primary, behind.changes() + random.nextInt(3));
                steps.add(behind.name + " follows " + shard.primary.name + ", has " + behind.changes() + " changes");
            }
        }

        private void promote() {
            Server replica = shard.servers.get(random.nextInt(3));
            if (replica != shard.primary && replica.generation.equals(shard.primary.generation)) {
                round();
                // Perhaps the stream itself, or what was noted in it.
                doubtful |= replica.changes() < shard.primary.changes();
                stream.promote(replica);
                shard.primary = replica;
                changes++;
                steps.add(replica.name + " is promoted with " + replica.changes() + " changes: " + replica.generation);
            }
        }

        private void reach() {
            shard.reached = shard.primary;
            steps.add("commands reach " + shard.reached.name);
        }

        private void comeBackToTheFormer() {
            Server former = shard.servers.get(random.nextInt(3));
            if (!shard.primary.former.equals(former.generation) || !former.leads || former == shard.primary) {
                return;
            }
            round();
            shard.primary = former;
            shard.reached = former;
            changes++;
            doubtful = true;
            steps.add(former.name + " is primary again: " + former.generation);
            round();
        }

        private void restart() {
            if (shard.reached != shard.primary || shard.primary.changes() == 0) {
                return;
            }
            round();
            stream.restart(shard.primary, random.nextInt(shard.primary.changes() + 1));
            changes++;
            doubtful = true;
            steps.add(shard.primary.name + " comes back with " + shard.primary.changes() + " changes: "
                    + shard.primary.generation);
            round();
        }

        private void moveSlot() {
            Shard other = shards[shard == shards[0] ? 1 : 0];
            if (shard.reached != shard.primary || shard.primary.state() == null || other.reached != other.primary) {
                return;
            }
            stream.move(shard.primary, other.primary);
            shard = other;
            rig.redis.own(shard.owner, partition);
            steps.add("the slot moves to " + shard.owner);
        }

        /** What primaries answer at this moment; sometimes one is slow. */
        private void describePrimaries() {
            for (Shard one : shards) {
                Server primary = one.primary;
                rig.redis.primary(one.owner, primary.generation, primary.former, primary.formerEnd, primary.offset());
                rig.redis.run(one.owner, primary.name + '-' + primary.run);
                if (!resting && random.nextInt(20) == 0) {
                    rig.redis.isDown(one.owner);
                }
            }
        }

        private void round() {
            for (Shard one : shards) {
                rig.redis.sayReplication(one.owner, one.primary.generation);
            }
            rig.round();
            rig.pass(Duration.ofMillis(random.nextInt(300)));
        }

        private void answerOne() {
            if (!replies.isEmpty()) {
                steps.add("a late reply");
                replies.remove(0).run();
            }
        }

        private void comeToRest() {
            steps.add("rest");
            resting = true;
            round();
            while (!replies.isEmpty()) {
                answerOne();
            }
            for (Shard one : shards) {
                one.reached = one.primary;
            }
            for (int i = 0; i < 10; i++) {
                round();
                rig.pass(Duration.ofSeconds(2));
            }
            State end = stream.open(shard.primary);
            Set<Integer> kept = new HashSet<>(end.kept());
            lost = kept.size() < stream.published();
            clients.forEach(this::comeBack);
        }

        private void comeBack(Client client) {
            CompletableFuture<@Nullable HistoryResult> reading = history(client.place());
            rig.pass(Duration.ofSeconds(8));
            HistoryResult read = reading.getNow(null);
            boolean continues = read != null
                    && read.continues(client.place())
                    && client.place().offset() <= read.position().offset();
            if (continues) {
                continued++;
                Set<Integer> missing = new HashSet<>(acknowledged);
                missing.removeIf(number -> number <= client.published());
                List<Integer> all =
                        stream.upTo(read.position().epoch(), read.position().offset());
                missing.removeAll(all.subList((int) client.place().offset(), all.size()));
                assertThat(missing)
                        .as("missed by a client at %s, of sequence %d: %s", client.place(), seed, describe())
                        .isEmpty();
            } else if (!lost && !doubtful) {
                assertThat(continues)
                        .as("a client at %s continues, in sequence %d: %s", client.place(), seed, describe())
                        .isTrue();
            }
        }

        private String describe() {
            return String.join("\n  ", steps) + "\n  " + stream.open(shard.primary);
        }
    }
}
