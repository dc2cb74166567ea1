package dev.realtime.actuate;

import dev.realtime.node.RealtimeNode;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Info contributor {@code realtime} with the version, the engine, and the name and id of the node. */
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
