package dev.realtime.engine.redis.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.RedisEngineUnderTest;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.connection.LinkRig;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.FaultProxy.Direction;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pub/sub mode that the first node of a prefix notes for all others. */
class PubSubModeIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.of(() -> RedisServer.builder()
            .setting("slowlog-log-slower-than", "0")
            .setting("slowlog-max-len", "10000")
            .start());

    /** A node that need not wait for Redis joins the others as soon as it can, and not before it knows its mode. */
    @Test
    void nodeTakesNoPartBeforeItsModeIsDecided() {
        try (FaultProxy way = FaultProxy.to(redis.get())) {
            // The decision takes three replies.
            way.delay(Direction.TO_CLIENT, Duration.ofMillis(300));
            RedisEngineUnderTest underTest = RedisEngineUnderTest.waiting(way);
            StartedEngine node = new StartedEngine(underTest.engine(), "node");
            try {
                LinkRig.await("a node that joined")
                        .until(() -> node.engine.isUp() && commands().contains("EVAL"));

                List<String> commands = commands();
                assertThat(commands).contains("HGET of the layout");
                assertThat(commands.indexOf("EVAL")).isGreaterThan(commands.lastIndexOf("HGET of the layout"));
            } finally {
                way.pass();
                node.stop();
                underTest.close();
            }
        }
    }

    /** Returns the names of the commands that were run, in order. */
    private static List<String> commands() {
        List<?> log = (List<?>) redis.get().execute("SLOWLOG", "GET", "-1");
        List<String> names = new ArrayList<>(log.stream()
                .map(entry -> name((List<?>) ((List<?>) entry).get(3)))
                .toList());
        Collections.reverse(names);
        return names;
    }

    /** The nodes read other hashes, too, which say nothing about the mode. */
    private static String name(List<?> command) {
        String name = String.valueOf(command.get(0));
        return name.equals("HGET") && String.valueOf(command.get(1)).endsWith(":layout") ? "HGET of the layout" : name;
    }
}
