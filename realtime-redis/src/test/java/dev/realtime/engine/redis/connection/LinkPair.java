package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.server.RedisServers;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The connections of a node that subscribes and of a node that publishes, new ones for each test. After a test no two
 * messages of a partition were delivered at a time, and servers that it stopped run again.
 */
final class LinkPair implements BeforeEachCallback, AfterEachCallback {

    private final Supplier<? extends RedisServers> servers;

    private final Supplier<LinkRig> rig;

    private @Nullable LinkRig subscriber;

    private @Nullable LinkRig publisher;

    /** @param rig makes the connections of one node */
    LinkPair(Supplier<? extends RedisServers> servers, Supplier<LinkRig> rig) {
        this.servers = servers;
        this.rig = rig;
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        subscriber = rig.get().started();
        publisher = rig.get().started();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        subscriber().close();
        publisher().close();
        assertThat(subscriber().overlaps).isEmpty();
        servers.get().servers().forEach(server -> {
            server.resume();
            if (!server.running()) {
                server.start();
            }
        });
    }

    LinkRig subscriber() {
        return Objects.requireNonNull(subscriber);
    }

    LinkRig publisher() {
        return Objects.requireNonNull(publisher);
    }
}
