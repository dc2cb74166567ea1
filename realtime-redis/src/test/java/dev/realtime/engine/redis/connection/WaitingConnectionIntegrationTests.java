package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The connection for {@code WAIT}, which is open all the time and must not stay with a server that is silent. */
class WaitingConnectionIntegrationTests {

    private static final String NAME = "waiting";

    @Test
    void silentConnectionToAServerIsReplaced() {
        try (RedisServer server = RedisServer.started();
                LinkRig rig = LinkRig.to(server).started()) {
            isReplaced(rig, server, 1);
        }
    }

    @Test
    void silentConnectionToAPrimaryOfAClusterIsReplaced() {
        try (RedisClusterServers cluster =
                        RedisClusterServers.builder().primaries(3).replicas(0).start();
                LinkRig rig = LinkRig.to(cluster, PubSubMode.AUTO).started()) {
            isReplaced(rig, cluster.primaryOf(rig.partitions.slot(1)), 1);
        }
    }

    private static void isReplaced(LinkRig rig, RedisServer server, int partition) {
        LinkRig.await("a named connection").ignoreExceptions().until(() -> {
            name(rig, partition).toCompletableFuture().join();
            return isThere(server);
        });

        server.pause();
        // As long as the connection is there, commands run into their timeout.
        LinkRig.await("a connection that was given up").until(() -> {
            Throwable failure = catchThrowable(
                    () -> name(rig, partition).toCompletableFuture().join());
            return failure != null && !(RedisErrorKind.unwrap(failure) instanceof RedisCommandTimeoutException);
        });
        server.resume();

        LinkRig.await("the end of the connection").until(() -> !isThere(server));
        LinkRig.await("another one").ignoreExceptions().until(() -> {
            name(rig, partition).toCompletableFuture().join();
            return isThere(server);
        });
        assertThat(server.running()).isTrue();
    }

    private static boolean isThere(RedisServer server) {
        return server.text("CLIENT", "LIST").contains("name=" + NAME);
    }

    private static CompletionStage<String> name(LinkRig rig, int partition) {
        return rig.connections.waitConnection(partition).thenCompose(WaitingConnectionIntegrationTests::name);
    }

    private static CompletionStage<String> name(RedisClusterAsyncCommands<byte[], byte[]> commands) {
        return commands.clientSetname(LinkRig.bytes(NAME));
    }
}
