package dev.realtime.actuate;

import dev.realtime.node.NodeParts;
import dev.realtime.node.RealtimeNode;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/**
 * UP while the node takes clients and DOWN otherwise. Details are the engine, the node, its open connections and, while it is on,
 * {@code insecure}.
 */
public final class RealtimeHealthIndicator implements ReactiveHealthIndicator {

    private final RealtimeNode node;

    public RealtimeHealthIndicator(RealtimeNode node) {
        this.node = node;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(this::describe);
    }

    private Health describe() {
        NodeParts parts = node.parts();
        Health.Builder health = node.takesClients() ? Health.up() : Health.down();
        health.withDetail("engine", parts.engine().name())
                .withDetail("node", parts.options().name())
                .withDetail("connections", node.statistics().connections());
        if (parts.clientOptions().insecure()) {
            health.withDetail("insecure", true);
        }
        return health.build();
    }
}
