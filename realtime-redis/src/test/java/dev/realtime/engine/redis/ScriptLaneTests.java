package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of calls when a server has forgotten the script. */
class ScriptLaneTests {

    private final ScriptLane lane = new ScriptLane();

    /** What was handed to the driver, in order. */
    private final List<String> sent = new ArrayList<>();

    private final List<String> ended = new ArrayList<>();

    private final class Call implements ScriptLane.Call<String> {

        private final String name;

        private boolean withSource;

        private CompletableFuture<String> reply = new CompletableFuture<>();

        Call(String name) {
            this.name = name;
        }

        @Override
        public CompletionStage<String> dispatch() {
            sent.add(withSource ? name + " with source" : name);
            reply = new CompletableFuture<>();
            return reply;
        }

        @Override
        public void sendSource() {
            withSource = true;
        }

        @Override
        public void overflowed() {
            ended.add(name + " overflowed");
        }

        @Override
        public void accept(@Nullable String result, @Nullable Throwable error) {
            boolean unknown = "unknown".equals(result) && !withSource;
            lane.ended(this, unknown);
            if (!unknown) {
                ended.add(name);
            }
        }

        void unknown() {
            reply.complete("unknown");
        }

        void done() {
            reply.complete("done");
        }
    }

    private Call send(String name) {
        Call call = new Call(name);
        lane.send(call);
        return call;
    }

    @Test
    void callsAreNotWaitedFor() {
        Call first = send("1");
        Call second = send("2");
        first.done();
        second.done();

        assertThat(sent).containsExactly("1", "2");
        assertThat(ended).containsExactly("1", "2");
    }

    @Test
    void refusedCallsAreSentAgainInTheirOrderBeforeNewOnes() {
        Call first = send("1");
        Call second = send("2");
        first.unknown();
        Call third = send("3");
        assertThat(sent).containsExactly("1", "2");

        second.unknown();

        assertThat(sent).containsExactly("1", "2", "1 with source", "2 with source", "3");
        first.done();
        second.done();
        third.done();
        assertThat(ended).containsExactly("1", "2", "3");
    }

    @Test
    void callThatWasDoneMeanwhileIsNotSentAgain() {
        Call first = send("1");
        Call second = send("2");
        first.unknown();
        second.done();

        assertThat(sent).containsExactly("1", "2", "1 with source");
    }

    @Test
    void laterCallThatIsRefusedTooIsSentAgain() {
        Call first = send("1");
        first.unknown();
        Call other = send("other script");
        first.done();
        other.unknown();

        assertThat(sent).containsExactly("1", "1 with source", "other script", "other script with source");
    }

    @Test
    void waitingCallsAreBounded() {
        Call first = send("1");
        Call second = send("2");
        first.unknown();

        for (int i = 0; i < 20_001; i++) {
            send("waiting");
        }

        assertThat(ended).containsExactly("waiting overflowed");
        second.done();
        assertThat(sent).hasSize(20_003);
    }
}
