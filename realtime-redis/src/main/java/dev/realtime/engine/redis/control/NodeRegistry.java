package dev.realtime.engine.redis.control;

import dev.realtime.api.NodeDescription;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import io.lettuce.core.output.CommandOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Registry of the nodes that live. Each reports itself in Redis from time to time, and reads there which others do;
 * what was read is kept in {@link Members}, because Redis may lose it.
 *
 * <p>A node finds its own entry as it wrote it last. If it does not, the registry is an older one, or another.
 */
public final class NodeRegistry {

    private static final Logger logger = LoggerFactory.getLogger(NodeRegistry.class);

    private static final int MOST_STRANGERS = 10;

    /** How long a reading is recent enough to find an unknown node. */
    private static final Duration LATELY = Duration.ofSeconds(1);

    private final RedisScripts scripts;

    private final int partition;

    private final byte[][] keys;

    private final byte[] timeoutMillis;

    private final GarbageLog garbage;

    private final Members members;

    /** By node, as last read. */
    private final Map<String, NodeDescription> descriptions = new ConcurrentHashMap<>();

    private final Mono<Void> readLately;

    private final String application;

    private final String prefix;

    /** Applications that were reported. */
    private final Set<String> strangers = ConcurrentHashMap.newKeySet();

    private volatile String nodeId = "";

    /** Value that the registry holds for this node; {@code null} if unknown. */
    private volatile @Nullable String written;

    public NodeRegistry(
            RedisKeys redisKeys, RedisScripts scripts, GarbageLog garbage, int partition, RedisEngineOptions options) {
        this.scripts = scripts;
        this.partition = partition;
        this.keys = new byte[][] {redisKeys.nodes(), redisKeys.nodesExpiry()};
        this.timeoutMillis = text(Long.toString(options.nodeTimeout().toMillis()));
        this.garbage = garbage;
        this.application = options.application();
        this.prefix = options.prefix();
        this.members = new Members(options.nodeTimeout(), System::nanoTime);
        this.readLately = read().cache(nothing -> LATELY, error -> Duration.ZERO, () -> LATELY, scripts.scheduler());
    }

    /** Returns the nodes that this one knows of, as it remembers them. */
    Members members() {
        return members;
    }

    /** Reports that this node lives and how it is; reads which others do. */
    Mono<Void> beat(NodeDescription node) {
        return Mono.defer(() -> {
            nodeId = node.id();
            byte[][] arguments = {text(nodeId), described(node), timeoutMillis, scripts.time()};
            return scripts.run(request(Script.CONTROL_BEAT, arguments, "Announcing this node over bus"))
                    .doOnNext(this::beaten)
                    .doOnError(error -> {
                        written = null;
                        members.interrupted();
                    })
                    .then();
        });
    }

    private byte[] described(NodeDescription node) {
        return new BinaryOutput(256)
                .text(application)
                .bytes(ControlFormat.write(node))
                .toBytes();
    }

    private void beaten(List<Object> reply) {
        Map<String, String> beats = new LinkedHashMap<>();
        for (int i = 1; i < reply.size(); i += 2) {
            beats.put(text(reply.get(i)), text(reply.get(i + 1)));
        }
        compare(text(reply.get(0)));
        written = beats.get(nodeId);
        members.read(beats);
    }

    private void compare(@Nullable String found) {
        String expected = written;
        if (expected != null && !expected.equals(found)) {
            members.interrupted();
        }
    }

    /** Announces that this node is about to end. */
    Mono<Void> leave() {
        return scripts.run(request(
                        Script.CONTROL_LEAVE,
                        new byte[][] {text(nodeId)},
                        ScriptRequest::number,
                        "Announcing the end of this node over bus"))
                .then();
    }

    /** Reads the registry, unless this was done within the last second, so that no client can have it read often. */
    Mono<Void> readLately() {
        return readLately;
    }

    /** Reads the registry; afterwards {@link #members} are as of now. Fails if it cannot be read. */
    Mono<Void> read() {
        return Mono.defer(() -> scripts.run(request(
                                Script.CONTROL_NODES, new byte[][] {scripts.time()}, "Reading the live nodes of bus"))
                        .doOnNext(this::read)
                        .doOnError(error -> members.interrupted()))
                .then();
    }

    private void read(List<Object> reply) {
        Map<String, String> beats = new LinkedHashMap<>();
        for (int i = 0; i < reply.size(); i += 3) {
            String id = text(reply.get(i));
            beats.put(id, text(reply.get(i + 1)));
            try {
                BinaryInput description = new BinaryInput((byte[]) reply.get(i + 2), 0);
                compareApplication(description.text());
                descriptions.put(id, ControlFormat.readNode(description.rest()));
            } catch (UnreadableException e) {
                garbage.found(e.getMessage() + " as a node", id);
            }
        }
        compare(beats.get(nodeId));
        members.read(beats);
        descriptions.keySet().removeIf(id -> !members.isPresent(id));
    }

    /** Warns of unrelated applications, which would become one server without separate prefixes. */
    private void compareApplication(String other) {
        if (!application.isEmpty()
                && !other.isEmpty()
                && !other.equals(application)
                && strangers.size() < MOST_STRANGERS
                && strangers.add(other)) {
            logger.warn(
                    "Nodes of the applications '{}' and '{}' (`spring.application.name`) share channels, presence and"
                            + " commands: both use `realtime.redis.prefix={}` in the same Redis. If they are not meant"
                            + " to be one realtime server, set another `realtime.redis.prefix` in one of them.",
                    application,
                    other,
                    prefix);
        }
    }

    /**
     * Returns the nodes that live, as they described themselves last; without those of which no description is known.
     */
    Mono<List<NodeDescription>> living() {
        return read().then(Mono.fromSupplier(() -> {
            List<NodeDescription> living = new ArrayList<>();
            for (String id : members.present()) {
                NodeDescription node = descriptions.get(id);
                if (node != null) {
                    living.add(node);
                }
            }
            return living;
        }));
    }

    private ScriptRequest<List<Object>> request(Script script, byte[][] arguments, String what) {
        return request(script, arguments, ScriptRequest::list, what);
    }

    private <T> ScriptRequest<T> request(
            Script script, byte[][] arguments, Supplier<CommandOutput<byte[], byte[], T>> output, String what) {
        return new ScriptRequest<>(script, partition, keys, arguments, output, true, what, "control");
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
