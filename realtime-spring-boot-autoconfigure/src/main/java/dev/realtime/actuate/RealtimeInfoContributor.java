package dev.realtime.actuate;

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
        builder.withDetail(
                "realtime",
                Map.of(
                        "version",
                        node.options().version(),
                        "engine",
                        node.engine().name(),
                        "node",
                        Map.of("id", node.id(), "name", node.options().name())));
    }
}
