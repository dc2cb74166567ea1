package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.ClientHooks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The application is notified of the first and the last subscriber of a channel, however late the engine replies. */
class OccupancyTests implements OccupancyListener {

    private final List<String> told = new ArrayList<>();

    @Override
    public void onOccupied(String channel) {
        told.add("occupied " + channel);
    }

    @Override
    public void onVacated(String channel) {
        told.add("vacated " + channel);
    }

    private ScriptedServer server() {
        return ScriptedServer.setup()
                .withoutNamespace(options -> options.subscribeAccess(ANYONE))
                .hooks(new NodeHooks(ClientHooks.NONE, null, this))
                .start();
    }

    private static final String UNSUBSCRIBE = "{'id':3,'unsubscribe':{'channel':'a'}}";

    @Test
    void firstSubscriberOccupiesAndLastOneVacates() {
        try (ScriptedServer server = server()) {
            ScriptedClient first = server.client().connected().subscribed("a");
            ScriptedClient second = server.client().connected().subscribed("a");
            first.tell(UNSUBSCRIBE);
            assertThat(told).containsExactly("occupied a");

            second.tell(UNSUBSCRIBE);

            assertThat(told).containsExactly("occupied a", "vacated a");
        }
    }

    @Test
    void subscriptionThatFailsOccupiesNothing() {
        try (ScriptedServer server = server()) {
            server.engine().fail(Call.SUBSCRIBE);

            server.client().connected().subscribed("a");

            assertThat(told).isEmpty();
        }
    }

    // ---- Reports to an engine that replies late

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private static final class LateOccupancy implements ChannelOccupancy {

        private final List<String> calls = new ArrayList<>();

        private final Queue<Sinks.Empty<Void>> answers = new ArrayDeque<>();

        @Override
        public void start(OccupancyListener listener) {}

        @Override
        public Mono<Void> occupy(String channel) {
            return call("occupy");
        }

        @Override
        public Mono<Void> vacate(String channel) {
            return call("vacate");
        }

        private Mono<Void> call(String name) {
            calls.add(name);
            Sinks.Empty<Void> answer = Sinks.empty();
            answers.add(answer);
            return answer.asMono();
        }
    }

    @Test
    void reportsOfOneChannelDoNotOverlapAndTheLastOneIsRight() {
        LateOccupancy occupancy = new LateOccupancy();
        boolean[] subscribed = {true};
        OccupancyReports reports = new OccupancyReports(occupancy, channel -> subscribed[0], time);
        reports.changed("a");
        subscribed[0] = false;
        reports.changed("a");
        subscribed[0] = true;
        reports.changed("a");
        subscribed[0] = false;
        reports.changed("a");
        assertThat(occupancy.calls).containsExactly("occupy");

        occupancy.answers.remove().tryEmitEmpty();

        assertThat(occupancy.calls).containsExactly("occupy", "vacate");
    }

    @Test
    void reportThatFailsIsRepeatedUntilTheEngineKnows() {
        LateOccupancy occupancy = new LateOccupancy();
        boolean[] subscribed = {true};
        OccupancyReports reports = new OccupancyReports(occupancy, channel -> subscribed[0], time);
        reports.changed("a");
        for (int i = 0; i < 3; i++) {
            occupancy.answers.remove().tryEmitError(new IllegalStateException("no engine"));
            time.advanceTimeBy(OccupancyReports.RETRY_DELAY);
        }
        occupancy.answers.remove().tryEmitEmpty();
        time.advanceTimeBy(OccupancyReports.RETRY_DELAY.multipliedBy(10));
        assertThat(occupancy.calls).containsExactly("occupy", "occupy", "occupy", "occupy");

        // The last one left while it was not known what had been reported to the engine.
        subscribed[0] = false;
        reports.changed("a");
        occupancy.answers.remove().tryEmitError(new IllegalStateException("no engine"));
        time.advanceTimeBy(OccupancyReports.RETRY_DELAY);
        occupancy.answers.remove().tryEmitEmpty();
        time.advanceTimeBy(OccupancyReports.RETRY_DELAY.multipliedBy(10));

        assertThat(occupancy.calls).endsWith("vacate", "vacate").hasSize(6);
    }

    @Test
    void reportThatFailsDoesNotStopTheNextOne() {
        LateOccupancy occupancy = new LateOccupancy();
        boolean[] subscribed = {true};
        OccupancyReports reports = new OccupancyReports(occupancy, channel -> subscribed[0], time);
        reports.changed("a");

        occupancy.answers.remove().tryEmitError(new IllegalStateException("no engine"));
        subscribed[0] = false;
        reports.changed("a");

        assertThat(occupancy.calls).containsExactly("occupy", "vacate");
    }
}
