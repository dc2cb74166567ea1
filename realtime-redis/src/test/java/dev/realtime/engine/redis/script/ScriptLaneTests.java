package dev.realtime.engine.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.driver.StillConnectingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The order of calls when a server refuses some of them. */
class ScriptLaneTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final ScriptLane lane = new ScriptLane(time, new AtomicLong());

    /** What was handed to the driver, in order. */
    private final List<String> sent = new ArrayList<>();

    private final List<String> ended = new ArrayList<>();

    private class Call implements ScriptLane.Call<String> {

        private final String name;

        private final Script script;

        private boolean expired;

        private long place;

        private CompletableFuture<String> reply = new CompletableFuture<>();

        Call(String name, Script script) {
            this.name = name;
            this.script = script;
        }

        @Override
        public Script script() {
            return script;
        }

        @Override
        public CompletionStage<String> dispatch(boolean withSource) {
            sent.add(withSource ? name + " with source" : name);
            reply = new CompletableFuture<>();
            return reply;
        }

        @Override
        public boolean isExpired(long now) {
            return expired;
        }

        @Override
        public void expired(@Nullable Throwable refusal) {
            ended.add(name + " expired: " + (refusal == null ? "" : refusal.getMessage()));
        }

        @Override
        public int size() {
            return name.startsWith("large") ? 1 << 20 : 1;
        }

        @Override
        public long place() {
            return place;
        }

        @Override
        public void place(long given) {
            place = given;
        }

        @Override
        public void overflowed() {
            ended.add(name + " overflowed");
        }

        @Override
        public void accept(@Nullable String result, @Nullable Throwable error) {
            IllegalStateException refusal = new IllegalStateException(String.valueOf(result));
            if ("unknown".equals(result)) {
                lane.again(this, 0, false, refusal);
            } else if ("read-only".equals(result)) {
                lane.again(this, 10, true, refusal);
            } else if ("try again".equals(result)) {
                lane.again(this, 10, false, refusal);
            } else {
                lane.ended();
                ended.add(name);
            }
        }

        void unknown() {
            reply.complete("unknown");
        }

        void readOnly() {
            reply.complete("read-only");
        }

        void tryAgain() {
            reply.complete("try again");
        }

        void done() {
            reply.complete("done");
        }
    }

    /** A lane that has sent the script before. */
    @BeforeEach
    void sendSource() {
        send("source").done();
        sent.clear();
        ended.clear();
    }

    private Call send(String name) {
        return send(name, Script.PUBLISH);
    }

    private Call send(String name, Script script) {
        Call call = new Call(name, script);
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

        assertThat(sent).containsExactly("1", "2", "1 with source", "2", "3");
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
    void callIsNotRefusedForItsScriptBetweenTwoThatAreNot() {
        send("add");
        send("remove", Script.PRESENCE_REMOVE);
        send("add again");

        assertThat(sent).containsExactly("add", "remove with source", "add again");
    }

    @Test
    void afterARefusalTheFirstCallOfEachScriptGoesWithItsSource() {
        Call first = send("1");
        first.readOnly();
        send("2", Script.PRESENCE_REMOVE);
        send("3");
        send("4", Script.PRESENCE_REMOVE);
        pass(10);
        first.done();

        assertThat(sent).containsExactly("1", "1 with source", "2 with source", "3", "4");
    }

    @Test
    void anotherOwnerGetsTheSourceAgain() {
        lane.changeOwner(() -> {});

        send("1");
        send("2");

        assertThat(sent).containsExactly("1 with source", "2");
    }

    private void pass(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    @Test
    void afterALastingRefusalOneCallGoesAloneAfterAPauseAndTheOthersFollowInOrder() {
        Call first = send("1");
        Call second = send("2");
        first.readOnly();
        send("3");
        second.readOnly();
        pass(9);
        assertThat(sent).containsExactly("1", "2");

        pass(1);
        assertThat(sent).containsExactly("1", "2", "1 with source");
        first.readOnly();
        pass(10);
        assertThat(sent).containsExactly("1", "2", "1 with source", "1 with source");
        first.done();

        assertThat(sent).containsExactly("1", "2", "1 with source", "1 with source", "2", "3");
    }

    @Test
    void otherCallsAreNotHeldUpByOneThatIsRefusedForItself() {
        Call first = send("1");
        first.tryAgain();
        Call other = send("other");
        pass(10);
        assertThat(sent).containsExactly("1", "1 with source", "other");
        other.done();

        first.tryAgain();
        pass(10);

        assertThat(sent).containsExactly("1", "1 with source", "other", "1 with source");
    }

    @Test
    void callsThatExpireDuringAPauseAreNotSentAndLearnWhy() {
        Call first = send("1");
        first.readOnly();
        send("2").expired = true;
        Call third = send("3");
        first.expired = true;

        pass(10);

        assertThat(ended).containsExactly("1 expired: read-only", "2 expired: read-only");
        assertThat(sent).containsExactly("1", "3 with source");
        third.done();
        assertThat(ended).contains("3");
    }

    @Test
    void whatWasSentToTheOldOwnerEndsBeforeTheNewOneGetsAnything() {
        Call first = send("1");

        lane.drain();
        send("2");
        assertThat(sent).containsExactly("1");
        first.done();

        assertThat(sent).containsExactly("1", "2");
        lane.drain();
    }

    @Test
    void laneWithNothingToWaitForIsNotHeldUp() {
        lane.drain();

        send("1");

        assertThat(sent).containsExactly("1");
    }

    @Test
    void waitingCallsAreBoundedInBytes() {
        Call first = send("1");
        first.readOnly();
        for (int i = 0; i < 65; i++) {
            send("large " + i);
        }
        assertThat(ended).containsExactly("large 64 overflowed");

        pass(10);
        first.done();

        assertThat(sent).hasSize(66);
        send("2").readOnly();
        send("large again");
        assertThat(ended).doesNotContain("large again overflowed");
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

    @Test
    void partsOfACallGoInItsPlace() {
        Call whole = new Call("whole", Script.PUBLISH);
        Call later = new Call("later", Script.PUBLISH);
        lane.send(whole);
        lane.send(later);
        sent.clear();

        lane.replace(whole, List.of(new Call("one", Script.PUBLISH), new Call("other", Script.PUBLISH)));
        lane.send(new Call("last", Script.PUBLISH));
        later.tryAgain();
        time.advanceTimeBy(Duration.ofMillis(10));

        assertThat(sent).containsExactly("one with source", "other", "later", "last");
    }

    @Test
    void failureOfOneCallerEndsNoOtherCall() {
        Call first = new Call("first", Script.PUBLISH);
        Call failing = new Call("failing", Script.PUBLISH) {
            @Override
            public void expired(@Nullable Throwable refusal) {
                throw new NoClassDefFoundError("a class of the application");
            }
        };
        Call last = new Call("last", Script.PUBLISH);
        lane.send(first);
        first.readOnly();
        lane.send(failing);
        lane.send(last);
        failing.expired = true;
        last.expired = true;

        time.advanceTimeBy(Duration.ofMillis(10));

        assertThat(ended).contains("last expired: read-only");
    }

    /** A connection may open between the first call that waits and the second. */
    @Test
    void callThatCouldNotBeSentIsNotOvertakenByThoseBehindIt() {
        Call before = new Call("before", Script.PUBLISH);
        Call first = new Call("first", Script.PUBLISH) {

            private boolean open;

            @Override
            public CompletionStage<String> dispatch(boolean withSource) {
                if (!open) {
                    open = true;
                    return CompletableFuture.failedFuture(new StillConnectingException("not open yet"));
                }
                return super.dispatch(withSource);
            }

            @Override
            public void accept(@Nullable String result, @Nullable Throwable error) {
                if (error == null) {
                    super.accept(result, null);
                } else {
                    lane.again(this, 10, true, error);
                }
            }
        };
        lane.send(before);
        lane.changeOwner(() -> {});
        lane.send(first);
        lane.send(new Call("second", Script.PUBLISH));
        sent.clear();

        before.done();
        assertThat(sent).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(10));
        first.done();

        assertThat(sent).containsExactly("first with source", "second");
    }

    /** Others publish until the end of a call that failed before it was sent is noted. */
    @Test
    void callThatCouldNotBeSentAgainIsNotOvertakenByNewOnes() {
        Call second = new Call("second", Script.PUBLISH);
        Call first = new Call("first", Script.PUBLISH) {

            private int attempts;

            @Override
            public CompletionStage<String> dispatch(boolean withSource) {
                if (++attempts == 2) {
                    return CompletableFuture.failedFuture(new StillConnectingException("not open yet"));
                }
                return super.dispatch(withSource);
            }

            @Override
            public void accept(@Nullable String result, @Nullable Throwable error) {
                if (error == null) {
                    super.accept(result, null);
                } else {
                    lane.send(second);
                    lane.again(this, 10, true, error);
                }
            }
        };
        lane.send(first);
        first.readOnly();
        time.advanceTimeBy(Duration.ofMillis(10));
        time.advanceTimeBy(Duration.ofMillis(10));
        first.done();
        second.done();

        assertThat(sent).containsExactly("first", "first with source", "second");
        assertThat(ended).containsExactly("first", "second");
    }

    @Test
    void laneContinuesAfterACallThatCouldNotBeSentAndIsGivenUp() {
        Call first = new Call("first", Script.PUBLISH) {

            private int attempts;

            @Override
            public CompletionStage<String> dispatch(boolean withSource) {
                return ++attempts == 2
                        ? CompletableFuture.failedFuture(new IllegalStateException("no connection"))
                        : super.dispatch(withSource);
            }
        };
        lane.send(first);
        first.readOnly();
        time.advanceTimeBy(Duration.ofMillis(10));

        send("second").done();

        assertThat(ended).containsExactly("first", "second");
    }
}
