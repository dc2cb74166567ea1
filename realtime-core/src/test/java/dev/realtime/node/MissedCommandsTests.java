package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MissedCommandsTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup().start();

    @Test
    void everyClientHasToConnectAgainWhenCommandsMayBeMissing() {
        List<ScriptedClient> clients =
                List.of(server.client().connected(), server.client().connected());

        CompletableFuture<Void> handedOver =
                server.engine().node().commandsMissed().toFuture();
        server.pass(Duration.ofMillis(10));

        assertThat(handedOver).isCompleted();
        assertThat(clients).allSatisfy(client -> assertThat(client.closedWith()).isEqualTo(Disconnect.FORCE_RECONNECT));
    }
}
