package dev.realtime.actuate;

import dev.realtime.node.RealtimeNode;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/**
 * Health of a node: UP while it accepts clients and its engine reaches the other nodes, DOWN otherwise. Details are the
 * engine and its details, the node, its open connections, its port if it has one of its own and, while they are on,
 * {@code insecure}, {@code insecureApi} and {@code insecureTokens}.
 */
public final class RealtimeHealthIndicator implements ReactiveHealthIndicator {

    private final RealtimeNode node;

    private final boolean insecureApi;

    private final boolean insecureTokens;

    private final @Nullable EngineHealth engine;

    private final @Nullable IntSupplier serverPort;

    /**
     * Health of a node.
     *
     * @param insecureApi whether the HTTP API is open to anyone, which is shown
     * @param insecureTokens whether tokens are accepted without a check of their signature, which is shown
     * @param engine {@code null} if there is nothing between it and other nodes
     * @param serverPort port of its own that clients connect to, negative while it is closed; {@code null} for none
     */
    public RealtimeHealthIndicator(
            RealtimeNode node,
            boolean insecureApi,
            boolean insecureTokens,
            @Nullable EngineHealth engine,
            @Nullable IntSupplier serverPort) {
        this.node = node;
        this.insecureApi = insecureApi;
        this.insecureTokens = insecureTokens;
        this.engine = engine;
        this.serverPort = serverPort;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(this::describe);
    }

    private Health describe() {
        EngineHealth.State engineState = engine == null ? null : engine.state();
        boolean working = node.takesClients() && (engineState == null || engineState.working());
        Health.Builder health = working ? Health.up() : Health.down();
        health.withDetail("engine", node.engine().name())
                .withDetail("node", node.options().name())
                .withDetail("connections", node.statistics().connections());
        if (engineState != null) {
            health.withDetail(node.engine().name(), engineState.details());
        }
        if (serverPort != null && serverPort.getAsInt() >= 0) {
            health.withDetail("port", serverPort.getAsInt());
        }
        if (node.clientOptions().insecure()) {
            health.withDetail("insecure", true);
        }
        if (insecureApi) {
            health.withDetail("insecureApi", true);
        }
        if (insecureTokens) {
            health.withDetail("insecureTokens", true);
        }
        return health.build();
    }
}
