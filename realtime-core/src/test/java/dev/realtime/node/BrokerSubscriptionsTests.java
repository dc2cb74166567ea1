package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.hub.Hub;
import dev.realtime.hub.SilentSubscriber;
import dev.realtime.hub.Subscriber;
import dev.realtime.spi.engine.ScriptedEngine;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.ManualExecutor;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The engine is subscribed to what the hub has subscribers for, however late it replies and whatever fails. */
class BrokerSubscriptionsTests {

    private final ScriptedEngine engine =
            new ScriptedEngine(new MemoryEngine(Duration.ofSeconds(60), VirtualTimeScheduler.create()));

    private final BrokerSubscriptions subscriptions =
            new BrokerSubscriptions(engine.broker(), this::hasSubscribers, channel -> {});

    private final Hub hub = new Hub(subscriptions, () -> 0, Long.MAX_VALUE, ByteBufAllocator.DEFAULT);

    private final ManualExecutor executor = new ManualExecutor();

    private boolean hasSubscribers(String channel) {
        return hub.hasSubscribers(channel);
    }

    private record Entered(Subscriber subscriber, CompletableFuture<Void> confirmed) {}

    private Entered enter() {
        Subscriber subscriber = new SilentSubscriber(executor, false);
        hub.subscribe("a", subscriber);
        return new Entered(subscriber, subscriptions.confirmed("a").toFuture());
    }

    private void leave(Entered entered) {
        hub.unsubscribe("a", entered.subscriber());
    }

    @Test
    void manySubscribersShareOneSubscriptionOfTheEngine() {
        engine.hold(Call.SUBSCRIBE);
        Entered first = enter();
        Entered second = enter();
        assertThat(first.confirmed()).isNotDone();
        assertThat(second.confirmed()).isNotDone();

        engine.release(Call.SUBSCRIBE);

        assertThat(first.confirmed()).isCompleted();
        assertThat(second.confirmed()).isCompleted();
        assertThat(enter().confirmed()).isCompleted();
        assertThat(engine.calls(Call.SUBSCRIBE)).isEqualTo(1);
    }

    @Test
    void lastSubscriberThatLeavesEndsTheSubscriptionOfTheEngine() {
        Entered first = enter();
        Entered second = enter();

        leave(first);
        assertThat(engine.subscribed()).containsExactly("a");
        leave(second);
        assertThat(engine.subscribed()).isEmpty();
    }

    @Test
    void subscriberThatLeavesBeforeTheConfirmationLeavesNothing() {
        engine.hold(Call.SUBSCRIBE);
        Entered gone = enter();
        leave(gone);
        assertThat(engine.calls(Call.UNSUBSCRIBE)).isZero();

        engine.release(Call.SUBSCRIBE);

        assertThat(gone.confirmed()).isCompleted();
        assertThat(engine.subscribed()).isEmpty();
    }

    @Test
    void subscriberThatComesWhenTheLastLeftBeforeTheConfirmationIsServedByTheSame() {
        engine.hold(Call.SUBSCRIBE);
        leave(enter());
        Entered next = enter();

        engine.release(Call.SUBSCRIBE);

        assertThat(next.confirmed()).isCompleted();
        assertThat(engine.subscribed()).containsExactly("a");
        assertThat(engine.calls(Call.SUBSCRIBE)).isEqualTo(1);
    }

    @Test
    void subscriberThatComesWhileTheSubscriptionEndsWaitsForANewOne() {
        engine.hold(Call.UNSUBSCRIBE);
        leave(enter());
        Entered next = enter();
        assertThat(next.confirmed()).isNotDone();

        engine.release(Call.UNSUBSCRIBE);

        assertThat(next.confirmed()).isCompleted();
        assertThat(engine.subscribed()).containsExactly("a");
        assertThat(engine.calls(Call.SUBSCRIBE)).isEqualTo(2);
    }

    @Test
    void subscriberThatComesAndGoesWhileTheSubscriptionEndsLeavesNothing() {
        engine.hold(Call.UNSUBSCRIBE);
        leave(enter());
        Entered next = enter();
        leave(next);

        engine.release(Call.UNSUBSCRIBE);

        assertThat(next.confirmed()).isCompleted();
        assertThat(engine.subscribed()).isEmpty();
    }

    @Test
    void failureIsToldToAllWhoWaitAndTheNextTriesAgain() {
        engine.hold(Call.SUBSCRIBE);
        Entered first = enter();
        Entered second = enter();
        engine.fail(Call.SUBSCRIBE);
        engine.release(Call.SUBSCRIBE);

        assertThat(first.confirmed())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(EngineException.class);
        assertThat(second.confirmed()).isCompletedExceptionally();
        leave(first);
        leave(second);
        engine.heal(Call.SUBSCRIBE);

        assertThat(enter().confirmed()).isCompleted();
        assertThat(engine.subscribed()).containsExactly("a");
    }

    @Test
    void failureToEndASubscriptionDoesNotKeepTheNextOut() {
        engine.fail(Call.UNSUBSCRIBE);
        leave(enter());
        engine.heal(Call.UNSUBSCRIBE);

        Entered next = enter();
        assertThat(next.confirmed()).isCompleted();
        leave(next);
        assertThat(engine.subscribed()).isEmpty();
    }

    @Test
    void failureOfANewSubscriptionAfterAnEndIsToldToWhoWaits() {
        engine.hold(Call.UNSUBSCRIBE);
        leave(enter());
        Entered next = enter();
        engine.fail(Call.SUBSCRIBE);

        engine.release(Call.UNSUBSCRIBE);

        assertThat(next.confirmed()).isCompletedExceptionally();
        assertThat(engine.subscribed()).isEmpty();
    }

    /**
     * Random comings, goings, delays and failures: whenever nothing is in progress, the engine has what the hub has.
     */
    @Test
    void engineHasWhatTheHubHasWhateverHappens() {
        Random random = new Random(7);
        Map<Integer, Entered> present = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> present.put(step, enter());
                case 3, 4, 5 -> {
                    List<Integer> keys = new ArrayList<>(present.keySet());
                    if (!keys.isEmpty()) {
                        leave(present.remove(keys.get(random.nextInt(keys.size()))));
                    }
                }
                case 6 -> {
                    Call call = random.nextBoolean() ? Call.SUBSCRIBE : Call.UNSUBSCRIBE;
                    engine.release(call);
                    if (random.nextBoolean()) {
                        engine.hold(call);
                    }
                }
                default -> {
                    if (random.nextInt(4) == 0) {
                        engine.fail(Call.SUBSCRIBE);
                    } else {
                        engine.heal(Call.SUBSCRIBE);
                    }
                }
            }
            // A rejected subscriber leaves, as a subscription does that could not be opened.
            List<Entered> refused = present.values().stream()
                    .filter(one -> one.confirmed().isCompletedExceptionally())
                    .toList();
            present.values().removeAll(refused);
            refused.forEach(this::leave);
            if (step % 50 == 0) {
                settle(present);
            }
        }
    }

    private void settle(Map<Integer, Entered> present) {
        engine.heal(Call.SUBSCRIBE);
        engine.release(Call.SUBSCRIBE);
        engine.release(Call.UNSUBSCRIBE);
        assertThat(present.values())
                .allSatisfy(one -> assertThat(one.confirmed()).isCompleted());
        assertThat(engine.subscribed()).isEqualTo(present.isEmpty() ? Set.of() : Set.of("a"));
    }

    @Test
    void engineThatThrowsFailsThisSubscriptionAndNotTheNext() {
        engine.beforeCall(call -> {
            engine.beforeCall(any -> {});
            throw new NoClassDefFoundError("on/Purpose");
        });

        Entered failed = enter();
        leave(failed);

        assertThat(failed.confirmed()).isCompletedExceptionally();
        assertThat(enter().confirmed()).isCompleted();
    }

    @Test
    void waiterThatThrowsKeepsNoOtherFromBeingNotified() {
        engine.hold(Call.SUBSCRIBE);
        hub.subscribe("a", new SilentSubscriber(executor, false));
        subscriptions
                .confirmed("a")
                .doOnTerminate(() -> {
                    throw new StackOverflowError("on purpose");
                })
                .subscribe();
        Entered second = enter();

        engine.release(Call.SUBSCRIBE);

        assertThat(second.confirmed()).isCompleted();
    }
}
