package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.loss.Verdict.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Collects what was measured and prints it as one table when all tests have ended. */
final class FaultFigures implements BeforeAllCallback {

    private static final List<String> LINES = new ArrayList<>();

    @Override
    public void beforeAll(ExtensionContext testClass) {
        testClass
                .getRoot()
                .getStore(ExtensionContext.Namespace.create(FaultFigures.class))
                .computeIfAbsent(Printer.class);
    }

    /**
     * Adds a line.
     *
     * @param rawOutage longest time in which Redis itself took no write
     * @param delivery longest time from the first attempt to publish until a subscriber had it
     */
    static void add(
            String topology,
            String fault,
            int times,
            Duration rawOutage,
            Duration delivery,
            int published,
            int acknowledged,
            Verdict verdict) {
        synchronized (LINES) {
            LINES.add("| %s | %s | %d | %.2f | %.2f | %d | %d | %d | %d | %d | %d | %d | %d | %d |"
                    .formatted(
                            topology,
                            fault,
                            times,
                            rawOutage.toMillis() / 1000.0,
                            delivery.toMillis() / 1000.0,
                            published,
                            acknowledged,
                            verdict.delivered(),
                            verdict.notified(),
                            verdict.count(Violation.LOST) + verdict.count(Violation.GAP),
                            verdict.count(Violation.DUPLICATED),
                            verdict.count(Violation.REORDERED),
                            verdict.count(Violation.ALTERED),
                            verdict.count(Violation.BELATED)));
        }
    }

    static final class Printer implements AutoCloseable {

        @Override
        public void close() {
            synchronized (LINES) {
                System.out.println("""

                        | Redis | fault | times | raw outage s | to delivery s | published | acknowledged | delivered \
                        | notified | lost | doubled | reordered | altered | late |
                        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|""");
                LINES.forEach(System.out::println);
            }
        }
    }
}
