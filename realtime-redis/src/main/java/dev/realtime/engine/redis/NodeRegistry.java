package dev.realtime.engine.redis;

import dev.realtime.engine.NodeDescription;
import io.lettuce.core.output.CommandOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Which nodes live. Each tells of itself in Redis from time to time, and reads there who else does; what was read is kept in
 * {@link Members}, because Redis may lose it.
 *
 * <p>A node finds its own entry as it wrote it last. If it does not, the registry is an older one, or another.
 */
final class NodeRegistry {

    private final RedisScripts scripts;

    private final int partition;

    private final byte[][] keys;

    private final byte[] timeoutMillis;

    private final GarbageLog garbage;

    private final Members members;

    /** By node, as last read. */
    private final Map<String, NodeDescription> descriptions = new ConcurrentHashMap<>();

    private volatile String nodeId = "";

    /** What the registry holds of this node; {@code null} if that is not known. */
    private volatile @Nullable String written;

    NodeRegistry(RedisParts parts, int partition, Duration nodeTimeout) {
        this.scripts = parts.scripts();
        this.partition = partition;
        this.keys = new byte[][] {parts.keys().nodes(), parts.keys().nodesExpiry()};
        this.timeoutMillis = text(Long.toString(nodeTimeout.toMillis()));
        this.garbage = parts.garbage();
        this.members = new Members(nodeTimeout, System::nanoTime);
    }

    /** The nodes that this one knows of, as it remembers them. */
    Members members() {
        return members;
    }

    /** Tells that this node lives, and how it is; reads who else does. */
    Mono<Void> beat(NodeDescription node) {
        return Mono.defer(() -> {
            nodeId = node.id();
            byte[][] arguments = {text(nodeId), ControlFormat.write(node), timeoutMillis, time()};
            return scripts.run(request(
                            Script.CONTROL_BEAT, arguments, "Telling the others that this node lives, over bus"))
                    .doOnNext(this::beaten)
                    .doOnError(error -> {
                        written = null;
                        members.interrupted();
                    })
                    .then();
        });
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

    /** Tells that this node is about to end. */
    Mono<Void> leave() {
        return scripts.run(request(
                        Script.CONTROL_LEAVE,
                        new byte[][] {text(nodeId)},
                        ScriptRequest::number,
                        "Telling the others that this node ends, over bus"))
                .then();
    }

    /** Reads the registry; afterwards {@link #members} are as of now. Fails if it cannot be read. */
    Mono<Void> read() {
        return Mono.defer(() -> scripts.run(request(
                                Script.CONTROL_NODES, new byte[][] {time()}, "Reading the nodes that live, of bus"))
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
                descriptions.put(id, ControlFormat.readNode((byte[]) reply.get(i + 2)));
            } catch (UnreadableException e) {
                garbage.found(e.getMessage() + " as a node", id);
            }
        }
        compare(beats.get(nodeId));
        members.read(beats);
        descriptions.keySet().removeIf(id -> !members.isPresent(id));
    }

    /** The nodes that live, as they described themselves last; without those of which no description is known. */
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

    private byte[] time() {
        return text(Long.toString(scripts.scheduler().now(TimeUnit.MILLISECONDS)));
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
