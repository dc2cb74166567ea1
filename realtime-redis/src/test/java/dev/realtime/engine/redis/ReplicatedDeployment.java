package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.epoch.Handovers;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A deployment on a primary with a replica, which replication can be cut from. */
final class ReplicatedDeployment implements AutoCloseable {

    static final RedisServer.Builder SETTINGS =
            RedisServer.builder().setting("repl-diskless-sync-delay", "0").setting("repl-timeout", "3600");

    final RedisServer primary = SETTINGS.start();

    private final FaultProxy replication = FaultProxy.to(primary);

    final RedisServer replica = SETTINGS.start();

    private final FaultProxy way = FaultProxy.to(primary);

    final RedisEngineUnderTest underTest;

    final List<StartedEngine> nodes = new ArrayList<>();

    /**
     * @param count nodes to start
     * @param remembered channels that a node remembers; 0 for as many as in production
     */
    ReplicatedDeployment(int count, int remembered) {
        underTest = RedisEngineUnderTest.through(way.port(), remembered);
        for (int i = 0; i < count; i++) {
            start("node-" + i);
        }
        replica.execute("REPLICAOF", RedisServer.HOST, String.valueOf(replication.port()));
        awaitInSync();
    }

    StartedEngine start(String id) {
        StartedEngine node = new StartedEngine(underTest.newEngine(), id);
        nodes.add(node);
        return node;
    }

    void stop(StartedEngine node) {
        nodes.remove(node);
        node.stop();
    }

    void awaitInSync() {
        StartedEngine.eventually(() -> {
            assertThat(replica.info("master_link_status")).isEqualTo("up");
            assertThat(Long.parseLong(replica.info("slave_repl_offset")))
                    .isGreaterThanOrEqualTo(Long.parseLong(primary.info("master_repl_offset")));
        });
    }

    void cutReplication() {
        awaitInSync();
        replication.blackHole();
    }

    void failOver() {
        promote();
        follow();
    }

    void promote() {
        replica.execute("REPLICAOF", "NO", "ONE");
    }

    /** Says, as a node that has followed already, that it forgot what the replica may lack. */
    void announceLoss() {
        RedisKeys keys = underTest.keys();
        byte[] question = new BinaryOutput(128)
                .octet('q')
                .octet(Handovers.TOPIC)
                .number(1)
                .block(keys.nodeName("other"))
                .text(generation(primary))
                .text(generation(replica))
                .truth(true)
                .toBytes();
        primary.execute("PUBLISH", ascii(keys.controlName()), ascii(question));
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static String generation(RedisServer server) {
        return server.info("master_replid").substring(0, Generation.ID_LENGTH);
    }

    void follow() {
        way.leadTo(replica);
        primary.kill();
    }

    @Override
    public void close() {
        nodes.forEach(StartedEngine::stop);
        underTest.close();
        way.close();
        replication.close();
        replica.close();
        primary.close();
    }
}
