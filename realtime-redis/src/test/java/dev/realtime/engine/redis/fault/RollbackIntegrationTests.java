package dev.realtime.engine.redis.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.loss.RollbackRun;
import dev.realtime.engine.redis.loss.RollbackRun.Case;
import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A replica that lacks the latest publications is promoted, as happens when a primary is cut off. Every channel loses
 * another number of them and continues to below, at, or above the place where it was; clients live on, or come back
 * from places before, at, and beyond the loss, immediately or later. No client may miss anything without being
 * notified, and in channels that lost nothing no client may be notified.
 */
class RollbackIntegrationTests {

    private static final int DEEPEST = 50;

    private static final int WHOLE_CHANNELS = 20;

    private static final String NO_INFO = "noinfo:secret@";

    @ParameterizedTest
    @CsvSource({"1, ''", "2, ''", "2, " + NO_INFO})
    void nothingIsLostInSilence(int nodes, String credentials) {
        long seed = 20_260_308L + nodes;
        List<Case> cases = cases(new Random(seed));
        RedisServer.Builder settings = RedisServer.builder()
                .user("noinfo on >secret ~* &* +@all -info")
                .setting("repl-diskless-sync-delay", "0")
                .setting("repl-timeout", "3600");
        try (RedisServer primary = settings.start();
                FaultProxy replication = FaultProxy.to(primary);
                RedisServer replica = settings.start();
                FaultProxy firstWay = FaultProxy.to(primary);
                FaultProxy secondWay = FaultProxy.to(primary);
                EnginePair engines = EnginePair.of(firstWay, secondWay, credentials);
                RollbackRun run = new RollbackRun(engines(engines, nodes), cases)) {
            Replica.follow(replica, replication.port());
            run.publishKept();
            Replica.awaitInSync(replica, primary);

            replication.blackHole();
            run.publishLost();
            Replica.promote(replica);
            firstWay.leadTo(replica);
            secondWay.leadTo(replica);
            primary.kill();

            run.comeBack("early, before the loss", 0, one -> one.kept() - 1);
            run.comeBack("early, at the loss", 1, Case::kept);
            run.publishAfter();
            run.comeBack("before the loss", 0, one -> one.kept() - 1);
            run.comeBack("at the loss", 1, Case::kept);
            run.comeBack("beyond the loss", 0, one -> one.kept() + (one.lost() + 1) / 2);
            run.comeBack("with all of it", 1, one -> one.kept() + one.lost());
            run.publishLast();

            Verdict verdict = run.verdict();
            Verdict ofWhole = run.verdictOfWholeChannels();
            System.out.printf(
                    "Rollback with %d nodes, %s, seed %d: %d cases, %s%n",
                    nodes, credentials.isEmpty() ? "generations" : "fingerprints", seed, run.lossyCases(), verdict);
            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
            assertThat(verdict.notified()).isGreaterThanOrEqualTo(run.lossyCases());
            assertThat(ofWhole.notified()).as("needlessly notified: " + ofWhole).isZero();
            assertThat(run.lossyCases()).isGreaterThan(1000);
        }
    }

    private static List<Engine> engines(EnginePair engines, int count) {
        return List.of(engines.first(), engines.second()).subList(0, count);
    }

    /**
     * Three channels for each depth, whose top comes to be below, at, and above where it was; and some that lose
     * nothing.
     */
    private static List<Case> cases(Random random) {
        List<Case> cases = new ArrayList<>();
        for (int lost = 1; lost <= DEEPEST; lost++) {
            for (int after : new int[] {lost - 1, lost, lost + 1 + random.nextInt(10)}) {
                cases.add(new Case("channel-" + cases.size(), 2 + random.nextInt(8), lost, after));
            }
        }
        for (int whole = 0; whole < WHOLE_CHANNELS; whole++) {
            cases.add(new Case("whole-" + whole, 2 + random.nextInt(8), 0, random.nextInt(10)));
        }
        return cases;
    }
}
