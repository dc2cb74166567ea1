package dev.realtime.engine.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.LinkRig;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis that passes messages on and refuses writes is not healthy, says why, and is healthy again when it takes them.
 */
class WriteRefusalIntegrationTests {

    private static final int KEYS = 20_000;

    private RedisServer server;

    private RedisEngineUnderTest underTest;

    private StartedEngine node;

    @AfterEach
    void stop() {
        node.stop();
        underTest.close();
        server.close();
    }

    private void start(Consumer<RedisServer.Builder> settings) {
        RedisServer.Builder builder = RedisServer.builder();
        settings.accept(builder);
        server = builder.start();
        start(RedisEngineUnderTest.on(server, Duration.ofSeconds(1)));
    }

    private void start(RedisEngineUnderTest engine) {
        underTest = engine;
        node = new StartedEngine(engine.engine(), "node");
        node.publish("chat:1", "0");
    }

    private String problem() {
        return String.valueOf(node.engine.status().problem());
    }

    private void isRefusedAndRecovers(String problem, String counted, Runnable recovery) {
        long before = node.engine.statistics().errors(counted);
        // Something else may be refused first, such as a connection.
        LinkRig.await("a refused publish").until(() -> {
            try {
                node.publish("chat:1", "refused");
                return false;
            } catch (EngineException refused) {
                return String.valueOf(refused.getMessage()).contains(problem);
            }
        });
        assertThat(node.engine.statistics().errors(counted)).isGreaterThan(before);
        LinkRig.await("unhealthy").until(() -> !node.engine.isUp() && problem().contains(problem));

        recovery.run();

        LinkRig.await("healthy").until(node.engine::isUp);
        LinkRig.await("publish").ignoreExceptions().until(() -> {
            node.publish("chat:1", "again");
            return true;
        });
    }

    private void set(String parameter, String value) {
        server.execute("CONFIG", "SET", parameter, value);
    }

    @Test
    void outOfMemory() {
        start(settings -> settings.setting("maxmemory-policy", "noeviction"));

        set("maxmemory", "1");

        isRefusedAndRecovers("Redis has no memory left", "oom", () -> set("maxmemory", "0"));
    }

    /** Redis checks its memory for the first write of a script alone. */
    @Test
    void outOfMemoryRefusesTheFirstPublishOfAChannelToo() {
        start(settings -> settings.setting("maxmemory-policy", "noeviction"));

        set("maxmemory", "1");

        for (int channel = 0; channel < 20; channel++) {
            String name = "new:" + channel;
            assertThatThrownBy(() -> node.publish(name, "1")).hasMessageContaining("Redis has no memory left");
        }
    }

    /** The time to live of the position is started again by then. */
    @Test
    void outOfMemoryRefusesAPublishThatRenewsTheTimeToLiveToo() {
        start(settings -> settings.setting("maxmemory-policy", "noeviction"));
        server.execute("PEXPIRE", new String(underTest.keys().of("chat:1").meta(), UTF_8), "60000");

        set("maxmemory", "1");

        assertThatThrownBy(() -> node.publish("chat:1", "2")).hasMessageContaining("Redis has no memory left");
    }

    @Test
    void withoutAPublishThatFailsTheProbeFindsIt() {
        start(settings -> {});

        set("min-replicas-to-write", "1");

        LinkRig.await("unhealthy").until(() -> problem().contains("min-replicas-to-write"));
    }

    @Test
    void tooFewReplicas() {
        start(settings -> {});

        set("min-replicas-to-write", "1");

        isRefusedAndRecovers("min-replicas-to-write", "noreplicas", () -> set("min-replicas-to-write", "0"));
    }

    @Test
    void cannotSave(@TempDir Path directory) throws IOException {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        start(settings -> settings.setting("dir", gone.toString()).setting("save", "3600 1"));
        Files.delete(gone);

        server.execute("BGSAVE");

        isRefusedAndRecovers("cannot save its data", "misconf", () -> set("stop-writes-on-bgsave-error", "no"));
    }

    @Test
    void becameAReplica() {
        start(settings -> {});

        server.execute("REPLICAOF", RedisServer.HOST, "1");

        isRefusedAndRecovers("it is a replica", "readonly", () -> server.execute("REPLICAOF", "NO", "ONE"));
    }

    @Test
    void readsItsData() {
        start(settings -> settings.setting("enable-debug-command", "yes"));
        server.execute("DEBUG", "POPULATE", Integer.toString(KEYS));
        // Microseconds for each key: longer than all that is awaited meanwhile.
        set("key-load-delay", "5000");
        set("loading-process-events-interval-bytes", "1024");
        Thread reload = new Thread(() -> {
            try {
                server.execute("DEBUG", "RELOAD");
            } catch (RuntimeException tookLong) {
                // The fixture does not wait as long as it takes.
            }
        });
        reload.start();

        isRefusedAndRecovers("still loading its data", "loading", () -> set("key-load-delay", "0"));
    }

    @Test
    void busyWithAScript() {
        start(settings -> settings.setting("busy-reply-threshold", "100"));
        Thread script = new Thread(() -> {
            try {
                server.execute("EVAL", "while true do end", "0");
            } catch (RuntimeException killed) {
                // As intended.
            }
        });
        script.start();

        isRefusedAndRecovers("busy with a script", "busy", () -> server.execute("SCRIPT", "KILL"));
    }

    @Test
    void passwordThatChangesWhileRunning() {
        server = RedisServer.builder().user("app on >old ~* &* +@all").start();
        start(RedisEngineUnderTest.on(server, "app", "old"));

        server.execute("ACL", "SETUSER", "app", "resetpass", ">new");
        server.execute("CLIENT", "KILL", "USER", "app");

        LinkRig.await("unhealthy").until(() -> !node.engine.isUp() && problem().contains("WRONGPASS"));
        server.execute("ACL", "SETUSER", "app", ">old");
        LinkRig.await("healthy").until(node.engine::isUp);
        LinkRig.await("publish").ignoreExceptions().until(() -> {
            node.publish("chat:1", "again");
            return true;
        });
    }

    @Test
    void rightThatIsTakenAway() {
        server = RedisServer.builder().user("app on >old ~* &* +@all").start();
        start(RedisEngineUnderTest.on(server, "app", "old"));

        server.execute("ACL", "SETUSER", "app", "-set", "-evalsha");

        isRefusedAndRecovers(
                "the user of the engine is not allowed to",
                "other",
                () -> server.execute("ACL", "SETUSER", "app", "+set", "+evalsha"));
    }

    /** As with a service whose address leads to the primary, for a user that may not run {@code INFO}. */
    @Test
    void demotedPrimaryIsLeftWithoutInfo() {
        demotedPrimaryIsLeft("-info");
    }

    @Test
    void demotedPrimaryIsLeftWithInfo() {
        demotedPrimaryIsLeft("+info");
    }

    private void demotedPrimaryIsLeft(String info) {
        server =
                RedisServer.builder().user("app on >secret ~* &* +@all " + info).start();
        try (RedisServer next =
                RedisServer.builder().user("app on >secret ~* &* +@all " + info).start()) {
            MovableAddress address = new MovableAddress(server);
            try (LinkRig rig = new LinkRig(
                            LinkRig.options(RedisTopology.STANDALONE, PubSubMode.AUTO),
                            List.of(RedisURI.create("redis://app:secret@primary.test")),
                            address::use)
                    .started()) {
                start(RedisEngineUnderTest.on(next, "app", "secret"));
                String name = rig.name(1, "demoted");
                rig.subscribe(1, name);

                address.moveTo(next);
                server.execute("REPLICAOF", RedisServer.HOST, Integer.toString(next.port()));

                LinkRig.await("the new primary")
                        .until(() -> next.text("PUBSUB", "NUMSUB", name).contains("1"));
                LinkRig.await("writes")
                        .ignoreExceptions()
                        .until(() -> rig.connections
                                .direct(1)
                                .set(LinkRig.bytes("key"), new byte[0])
                                .toCompletableFuture()
                                .join()
                                .equals("OK"));
                rig.awaitWorking();
            }
        }
    }
}
