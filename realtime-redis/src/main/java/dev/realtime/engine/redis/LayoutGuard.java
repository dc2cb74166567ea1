package dev.realtime.engine.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Keeps nodes apart that would not find each other's channels: the first node of a deployment notes layout version and number of
 * partitions in Redis, and all others must have the same.
 */
final class LayoutGuard {

    private final RedisParts parts;

    private final Partitions partitions;

    private final String prefix;

    private volatile boolean generationWatched = true;

    LayoutGuard(RedisParts parts, Partitions partitions, String prefix) {
        this.parts = parts;
        this.partitions = partitions;
        this.prefix = prefix;
    }

    /** Fails with a {@link RedisStartException} if this node is laid out in another way than the others. */
    Mono<Void> check() {
        return parts.scripts()
                .run(new ScriptRequest<>(
                        Script.LAYOUT,
                        partitions.control(),
                        new byte[][] {parts.keys().layout()},
                        new byte[][] {text(RedisKeys.LAYOUT_VERSION), text(partitions.count())},
                        ScriptRequest::list,
                        true,
                        "Comparing the layout of names with that of prefix",
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
                    "Redis holds channels under `realtime.redis.prefix=%s` in layout version %s, and this version of the software uses layout version %s, so it would not find them."
                            .formatted(prefix, version, RedisKeys.LAYOUT_VERSION),
                    "Set another `realtime.redis.prefix`, or run the version of the software that the other nodes run.",
                    false));
        }
        if (!count.equals(Integer.toString(partitions.count()))) {
            return Mono.error(new RedisStartException(
                    "realtime.redis.partitions",
                    "`realtime.redis.partitions` is %s, but Redis holds channels under `realtime.redis.prefix=%s` in %s partitions, so this node and the others would look for the same channel in different places."
                            .formatted(partitions.count(), prefix, count),
                    "Set `realtime.redis.partitions=%s`, or another `realtime.redis.prefix` to begin anew."
                            .formatted(count),
                    false));
        }
        return Mono.empty();
    }

    /** Whether scripts may read the generation of Redis; {@code true} before it was tried. */
    boolean isGenerationWatched() {
        return generationWatched;
    }

    private static byte[] text(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
