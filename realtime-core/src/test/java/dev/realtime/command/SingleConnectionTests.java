package dev.realtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One connection for each user, where that is wanted. */
@ExtendWith(BufferLeaks.class)
class SingleConnectionTests {

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.personalChannel(true).singleConnection(true))
                .withoutNamespace(options -> options.presence(true))
                .tokensAreUsers();
    }

    @Test
    void newConnectionClosesTheOlderOneOfItsUserAndNoOther() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient older = server.client().connected("alice");
            ScriptedClient other = server.client().connected("bob");

            ScriptedClient newer = server.client().connected("alice");

            assertThat(older.closedWith()).isEqualTo(Disconnect.CONNECTION_LIMIT);
            assertThat(newer.closedWith()).isNull();
            assertThat(other.closedWith()).isNull();
            assertThat(server.await(server.node().presence().stats("#alice")).clients())
                    .isOne();
        }
    }

    @Test
    void anonymousClientsAreNotOneUser() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient one = server.client().connected("");
            server.client().connected("");

            assertThat(one.closedWith()).isNull();
        }
    }

    @Test
    void clientIsToldToTryAgainWhenPresenceCannotBeRead() {
        try (ScriptedServer server = setup().start()) {
            server.engine().fail(Call.READ_PRESENCE);

            assertThat(server.client().ask("{'id':1,'connect':{'token':'alice'}}"))
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }
}
