package dev.realtime.actuate;

import dev.realtime.node.NodeParts;
import dev.realtime.node.RealtimeNode;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Says under {@code realtime} which version runs, with which engine, and how the node is named and identified. */
public final class RealtimeInfoContributor implements InfoContributor {

    private final RealtimeNode node;

    public RealtimeInfoContributor(RealtimeNode node) {
        this.node = node;
    }

    @Override
    public void contribute(Info.Builder builder) {
        NodeParts parts = node.parts();
        builder.withDetail(
                "realtime",
                Map.of(
                        "version",
                        parts.options().version(),
                        "engine",
                        parts.engine().name(),
                        "node",
                        Map.of("id", node.id(), "name", parts.options().name())));
    }
}
