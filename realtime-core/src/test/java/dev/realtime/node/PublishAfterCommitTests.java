package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.TransactionHook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * A publication that waits for a commit is checked immediately, published later or never, and its failure is reported.
 */
class PublishAfterCommitTests implements TransactionHook {

    private final List<Runnable> registered = new ArrayList<>();

    private final List<String> failed = new ArrayList<>();

    private boolean active = true;

    @Override
    public Mono<Void> afterCommit(Runnable action) {
        return active
                ? Mono.fromRunnable(() -> registered.add(action))
                : Mono.error(new IllegalStateException("no transaction"));
    }

    @Override
    public void publishFailed(String channel, Throwable failure) {
        failed.add(channel);
    }

    private ScriptedServer server() {
        return ScriptedServer.setup()
                .namespace("orders", options -> options.subscribeAccess(ANYONE).publicationDataFormat(DataFormat.JSON))
                .hooks(new NodeHooks(ClientHooks.NONE, this, null))
                .start();
    }

    @Test
    void nothingIsPublishedBeforeTheCommit() {
        try (ScriptedServer server = server()) {
            ScriptedClient client = server.client().connected().subscribed("orders:1");

            server.await(server.node().publisher().publishAfterCommit("orders:1", "paid"));
            assertThat(client.heard()).isEmpty();

            registered.forEach(Runnable::run);
            assertThat(client.heard()).containsExactly("{'push':{'channel':'orders:1','pub':{'data':'paid'}}}");
        }
    }

    @Test
    void dataIsWrittenWhenItIsRegistered() {
        try (ScriptedServer server = server()) {
            ScriptedClient client = server.client().connected().subscribed("orders:1");
            StringBuilder order = new StringBuilder("paid");
            server.await(server.node().publisher().publishAfterCommit("orders:1", order));

            order.append(" and changed later");
            registered.forEach(Runnable::run);

            assertThat(client.heard()).containsExactly("{'push':{'channel':'orders:1','pub':{'data':'paid'}}}");
        }
    }

    @Test
    void whatTheChannelRefusesFailsInsideTheTransaction() {
        try (ScriptedServer server = server()) {
            var publisher = server.node().publisher();

            assertThatThrownBy(() -> server.await(publisher.publishAfterCommit("nowhere:1", "paid")))
                    .isInstanceOf(RealtimeException.class)
                    .hasMessageContaining("belongs to no configured namespace");
            assertThatThrownBy(() -> server.await(publisher.publishAfterCommit("orders:1", new byte[] {1})))
                    .isInstanceOf(RealtimeException.class)
                    .hasMessageContaining("was refused");
            assertThat(registered).isEmpty();
        }
    }

    @Test
    void withoutATransactionItFails() {
        active = false;
        try (ScriptedServer server = server()) {
            assertThatThrownBy(() -> server.await(server.node().publisher().publishAfterCommit("orders:1", "paid")))
                    .hasMessage("no transaction");
        }
    }

    @Test
    void applicationWithoutTransactionsIsToldWhatToDo() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            assertThatThrownBy(() -> server.await(server.node().publisher().publishAfterCommit("a", "paid")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Add spring-tx");
        }
    }

    @Test
    void failureAfterTheCommitIsCountedAndTold() {
        try (ScriptedServer server = server()) {
            server.await(server.node().publisher().publishAfterCommit("orders:1", "paid"));
            server.engine().fail(Call.PUBLISH);

            registered.forEach(Runnable::run);

            assertThat(failed).containsExactly("orders:1");
            assertThat(server.node().statistics().lostAfterCommit()).isEqualTo(1);
        }
    }
}
