package dev.realtime.engine.redis.control;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.MortalEngine;
import dev.realtime.engine.redis.RedisEngineUnderTest;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.ControlQuestion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Questions to nodes that died, that joined lately, and in the company of garbage. */
class NodeQuestionsIntegrationTests {

    private static final ControlQuestion FRAME = new ControlQuestion.Emulate("session", new byte[] {1, 2});

    private static final ControlAnswer ACCEPTED = new ControlAnswer.Emulated(true);

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private RedisEngineUnderTest underTest;

    private StartedEngine first;

    @BeforeEach
    void start() {
        underTest = RedisEngineUnderTest.on(redis.get());
        first = new StartedEngine(underTest.engine(), "first");
    }

    @AfterEach
    void stop() {
        first.stop();
        underTest.close();
    }

    private ControlBus bus() {
        return first.engine.controlBus();
    }

    @Test
    void deadNodeFailsTheQuestionWithinTheTimeLimit() {
        FaultProxy way = FaultProxy.to(redis.get());
        MortalEngine mortal = underTest.newMortalEngine(way);
        new StartedEngine(mortal.engine(), "mortal");
        assertThat(get(bus().ask("mortal", FRAME))).isEqualTo(ACCEPTED);
        way.blackHole();
        Instant asked = Instant.now();

        assertThatThrownBy(() -> get(bus().ask("mortal", FRAME))).isInstanceOf(EngineException.class);

        assertThat(Duration.between(asked, Instant.now()))
                .isBetween(NodeQuestions.TIMEOUT, NodeQuestions.TIMEOUT.plusSeconds(3));
        mortal.kill();
        way.close();
    }

    @Test
    void nodeThatJoinedAMomentAgoIsKnown() {
        for (int i = 0; i < 5; i++) {
            StartedEngine joined = new StartedEngine(underTest.newEngine(), "joined-" + i);
            assertThat(get(bus().ask("joined-" + i, FRAME))).isEqualTo(ACCEPTED);
            joined.stop();
        }
    }

    @Test
    void garbageUnderTheNameOfANodeIsCountedAndHarmless() {
        StartedEngine second = new StartedEngine(underTest.another(), "second");
        String name = new String(underTest.keys().nodeName("second"), StandardCharsets.UTF_8);
        long before = second.engine.statistics().events(Event.BAD_MESSAGE);
        for (String garbage : new String[] {"d", "r", "d\u0001\u007fx", "x", "d\u0001\u0001x\u0001\u0007"}) {
            redis.get().execute("PUBLISH", name, garbage);
        }

        assertThat(get(bus().ask("second", FRAME))).isEqualTo(ACCEPTED);

        eventually(() -> assertThat(second.engine.statistics().events(Event.BAD_MESSAGE) - before)
                .isGreaterThanOrEqualTo(4));
        assertThat(second.node.questions()).containsExactly(FRAME);
        second.stop();
    }
}
