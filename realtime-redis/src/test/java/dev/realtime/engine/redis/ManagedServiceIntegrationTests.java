package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that refuses {@code TIME} and {@code INFO}, everywhere: all works, by the clocks of the nodes. */
class ManagedServiceIntegrationTests {

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.of(() -> RedisServer.builder()
            .user("managed on >secret ~* &* +@all -time -info -config -client")
            .start());

    private RedisEngineUnderTest underTest;

    private OccupancyNode first;

    private OccupancyNode second;

    @BeforeEach
    void start() {
        underTest = RedisEngineUnderTest.on(redis.get(), "managed", "secret");
        first = new OccupancyNode(underTest.engine(), "first");
        second = new OccupancyNode(underTest.another(), "second");
    }

    @AfterEach
    void stop() {
        first.stop();
        second.stop();
        underTest.close();
    }

    @Test
    void nodesKnowEachOther() {
        assertThat(get(underTest.engine().controlBus().nodes())).hasSize(2);
    }

    @Test
    void commandsReachTheOtherNode() {
        ControlCommand command =
                new ControlCommand.DisconnectClients(ClientSelector.user("42"), Disconnect.FORCE_DISCONNECT);

        get(underTest.engine().controlBus().broadcast(command));

        eventually(() -> assertThat(second.node().commands()).containsExactly(command));
    }

    @Test
    void presenceEndsByTheClockOfTheNodes() {
        ClientInfo info = new ClientInfo("user", "client", null, null);

        // It may end before a busy machine has read it.
        eventually(() -> {
            get(underTest.engine().presenceManager().add(CHANNEL, info));
            assertThat(get(underTest.another().presenceManager().presence(CHANNEL)))
                    .containsOnlyKeys("client");
            assertThat(get(underTest.another().presenceManager().stats(CHANNEL)).clients())
                    .isOne();
        });
        eventually(() -> assertThat(get(underTest.another().presenceManager().presence(CHANNEL)))
                .isEmpty());
    }

    @Test
    void presenceCanBeRefreshedAndRemoved() {
        ClientInfo info = new ClientInfo("user", "client", null, null);
        get(underTest.engine().presenceManager().refresh(Map.of(CHANNEL, List.of(info))));
        get(underTest.engine().presenceManager().remove(CHANNEL, "client"));

        assertThat(get(underTest.engine().presenceManager().presence(CHANNEL))).isEmpty();
    }

    @Test
    void channelsAreOccupiedAndVacated() {
        first.occupy("a");
        second.occupy("a");
        first.stop();

        assertThat(first.listener.told()).containsExactly("occupied a");
        second.stop();
        assertThat(second.listener.told()).containsExactly("vacated a");
    }
}
