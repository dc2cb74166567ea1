package dev.realtime.engine.redis.start;

import dev.realtime.engine.redis.connection.InitialTopology;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Keeps nodes apart that would not find each other's channels or hear each other: the first node of a deployment notes
 * layout version, number of partitions and pub/sub mode in Redis, and all others must have the same. What is noted is
 * read again from time to time, because Redis may lose it and a node with other settings may then be first.
 */
public final class LayoutGuard {

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final PartitionCommands redis;

    private final Partitions partitions;

    private final String prefix;

    private static final Logger logger = LoggerFactory.getLogger(LayoutGuard.class);

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Disposable.Swap watching = Disposables.swap();

    private final AtomicBoolean checking = new AtomicBoolean();

    private volatile boolean generationWatched = true;

    /** Problem found after the start; {@code null} if there is none. */
    private volatile @Nullable String problem;

    public LayoutGuard(RedisKeys keys, RedisScripts scripts, Partitions partitions, String prefix) {
        this.keys = keys;
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.partitions = partitions;
        this.prefix = prefix;
    }

    /** Checks again from time to time, until {@link #stop()}. */
    public void watch() {
        watching.update(scripts.scheduler()
                .schedulePeriodically(
                        this::checkAgain, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    }

    public void stop() {
        watching.dispose();
    }

    /** Returns why this node must not take part any more; {@code null} if there is no reason. */
    @Nullable
    public String problem() {
        return problem;
    }

    private void checkAgain() {
        if (checking.compareAndSet(false, true)) {
            check().doFinally(signal -> checking.set(false))
                    .subscribe(nothing -> {}, this::failed, () -> problem = null);
        }
    }

    private void failed(Throwable error) {
        if (!(error instanceof RedisStartException)) {
            logger.debug("Could not check the layout of Redis keys: {}", error.toString());
        } else if (!String.valueOf(error.getMessage()).equals(problem)) {
            problem = error.getMessage();
            logger.error("This node is separated from the other nodes: {}", problem);
        }
    }

    private String mode() {
        return InitialTopology.name(redis.sharded());
    }

    /** Fails with a {@link RedisStartException} if this node is laid out in another way than the others. */
    public Mono<Void> check() {
        return scripts.run(new ScriptRequest<>(
                        Script.LAYOUT,
                        partitions.control(),
                        new byte[][] {keys.layout()},
                        new byte[][] {
                            text(RedisKeys.LAYOUT_VERSION),
                            text(partitions.count()),
                            mode().getBytes(StandardCharsets.US_ASCII)
                        },
                        ScriptRequest::list,
                        true,
                        "Comparing the layout of keys with that of prefix",
                        prefix))
                .flatMap(this::compare);
    }

    private Mono<Void> compare(List<Object> reply) {
        String version = text(reply.get(0));
        String count = text(reply.get(1));
        generationWatched = !text(reply.get(2)).isEmpty();
        if (!version.equals(Integer.toString(RedisKeys.LAYOUT_VERSION))) {
            return Mono.error(new RedisStartException(
                    "realtime.redis.prefix",
                    ("Redis holds channels under `realtime.redis.prefix=%s` in layout version %s, and this version of"
                                    + " the software uses layout version %s, so it would not find them.")
                            .formatted(prefix, version, RedisKeys.LAYOUT_VERSION),
                    "Set another `realtime.redis.prefix`, or run the version of the software that the other nodes run.",
                    false));
        }
        if (!count.equals(Integer.toString(partitions.count()))) {
            return Mono.error(new RedisStartException(
                    "realtime.redis.partitions",
                    ("`realtime.redis.partitions` is %s, but Redis holds channels under `realtime.redis.prefix=%s` in"
                                    + " %s partitions, so this node and the others would look for the same channel in"
                                    + " different places.")
                            .formatted(partitions.count(), prefix, count),
                    "Set `realtime.redis.partitions=%s`, or another `realtime.redis.prefix` to begin again."
                            .formatted(count),
                    false));
        }
        String noted = text(reply.get(3));
        if (!noted.equals(mode())) {
            return Mono.error(new RedisStartException(
                    "realtime.redis.pubsub",
                    ("This node publishes and subscribes in %s mode (`realtime.redis.pubsub`), but the nodes under"
                                    + " `realtime.redis.prefix=%s` use %s mode, so messages would not pass between"
                                    + " them and this node.")
                            .formatted(mode(), prefix, noted),
                    ("Remove `realtime.redis.pubsub`, or set it to `%s`; with `auto` a node follows the others when it"
                                    + " starts. To change the mode of all nodes, see \"Changing the pub/sub mode\" in"
                                    + " docs/redis.md.")
                            .formatted(noted),
                    false));
        }
        return Mono.empty();
    }

    /** Whether scripts may read the generation of Redis; {@code true} before it was tried. */
    public boolean isGenerationWatched() {
        return generationWatched;
    }

    private static byte[] text(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
