package dev.realtime.engine.redis.connection;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an outage of a cluster writes to the log. */
class ClusterOutageLogIntegrationTests {

    private static final Duration OUTAGE = Duration.ofSeconds(10);

    private final Collection<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();

    private final AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }
    };

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.realtime.engine.redis");

    @BeforeEach
    void listen() {
        ours.setLevel(Level.INFO);
        recorder.start();
    }

    @AfterEach
    void leave() {
        root.detachAppender(recorder);
        ours.setLevel(null);
    }

    @Test
    void outageOfOnePrimaryIsOneLineAndItsEndAnother() {
        outageIsOneLineAndItsEndAnother(1);
    }

    @Test
    void outageOfAllPrimariesIsOneLineAndItsEndAnother() {
        outageIsOneLineAndItsEndAnother(3);
    }

    private void outageIsOneLineAndItsEndAnother(int servers) {
        try (RedisClusterServers cluster =
                        RedisClusterServers.builder().primaries(3).replicas(0).start();
                LinkRig rig = LinkRig.to(cluster, PubSubMode.AUTO).started()) {
            rig.awaitWorking();
            root.addAppender(recorder);
            List<RedisServer> down = cluster.primaries().subList(0, servers);

            down.forEach(RedisServer::kill);
            long began = System.nanoTime();
            LinkRig.await("the line").until(() -> count("Redis stopped working") == 1);
            LinkRig.await("a long outage").until(() -> System.nanoTime() - began > OUTAGE.toNanos());
            down.forEach(RedisServer::start);
            LinkRig.await("the other line").until(() -> count("Redis works again, after ") == 1);
            Duration lasted = Duration.ofNanos(System.nanoTime() - began);

            assertThat(lines)
                    .filteredOn(line -> line.getLoggerName().startsWith("dev.realtime")
                            && line.getLevel().isGreaterOrEqual(Level.WARN))
                    .hasSize(1);
            Map<String, Long> warnings = lines.stream()
                    .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                    .collect(groupingBy(ILoggingEvent::getLoggerName, TreeMap::new, counting()));
            System.out.printf("warnings, %d servers away for %d s: %s%n", servers, OUTAGE.toSeconds(), warnings);
            // The driver's own: one for each server and connection when it is lost, and few attempts to find others,
            // which are more where a busy machine makes the outage longer.
            long periods = 1 + lasted.minus(OUTAGE).dividedBy(OUTAGE.dividedBy(2));
            assertThat(warnings.values().stream().mapToLong(Long::longValue).sum())
                    .isLessThanOrEqualTo(20L * servers * periods);
        }
    }

    private long count(String beginning) {
        return lines.stream()
                .filter(line -> line.getFormattedMessage().startsWith(beginning))
                .count();
    }
}
