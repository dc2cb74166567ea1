package dev.realtime.engine.redis;

import dev.realtime.engine.NodeDescription;
import io.lettuce.core.output.CommandOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Which nodes live: each tells of itself from time to time, and who has not for long is forgotten. */
final class NodeRegistry {

    private static final byte[][] NO_ARGUMENTS = {};

    private final RedisScripts scripts;

    private final int partition;

    private final byte[][] keys;

    private final byte[] timeoutMillis;

    private final GarbageLog garbage;

    NodeRegistry(RedisParts parts, int partition, Duration nodeTimeout) {
        this.scripts = parts.scripts();
        this.partition = partition;
        this.keys = new byte[][] {parts.keys().nodes(), parts.keys().nodesExpiry()};
        this.timeoutMillis = text(Long.toString(nodeTimeout.toMillis()));
        this.garbage = parts.garbage();
    }

    /** Tells that a node lives, and how it is. */
    Mono<Void> beat(NodeDescription node) {
        return scripts.run(request(
                        Script.CONTROL_BEAT,
                        new byte[][] {text(node.id()), ControlFormat.write(node), timeoutMillis},
                        ScriptRequest::number,
                        "Telling the others that this node lives, over bus"))
                .then();
    }

    /** Tells that a node is about to end. */
    Mono<Void> leave(String nodeId) {
        return scripts.run(request(
                        Script.CONTROL_LEAVE,
                        new byte[][] {text(nodeId)},
                        ScriptRequest::number,
                        "Telling the others that this node ends, over bus"))
                .then();
    }

    /** Those that live, by id; {@code null} for one whose description cannot be read. */
    Mono<Map<String, @Nullable NodeDescription>> living() {
        return scripts.run(request(
                        Script.CONTROL_NODES, NO_ARGUMENTS, ScriptRequest::list, "Reading the nodes that live, of bus"))
                .map(this::read);
    }

    private Map<String, @Nullable NodeDescription> read(List<Object> reply) {
        Map<String, @Nullable NodeDescription> nodes = new LinkedHashMap<>();
        for (int i = 0; i < reply.size(); i += 2) {
            String id = new String((byte[]) reply.get(i), StandardCharsets.UTF_8);
            NodeDescription node = null;
            try {
                node = ControlFormat.readNode((byte[]) reply.get(i + 1));
            } catch (UnreadableException e) {
                garbage.found(e.getMessage() + " as a node", id);
            }
            nodes.put(id, node);
        }
        return nodes;
    }

    /** The descriptions alone. */
    static List<NodeDescription> described(Map<String, @Nullable NodeDescription> nodes) {
        List<NodeDescription> described = new ArrayList<>();
        for (NodeDescription node : nodes.values()) {
            if (node != null) {
                described.add(node);
            }
        }
        return described;
    }

    private <T> ScriptRequest<T> request(
            Script script, byte[][] arguments, Supplier<CommandOutput<byte[], byte[], T>> output, String what) {
        return new ScriptRequest<>(script, partition, keys, arguments, output, true, what, "control");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
