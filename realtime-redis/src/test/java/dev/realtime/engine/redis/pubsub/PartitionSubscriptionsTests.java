package dev.realtime.engine.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.monitor.RedisStatistics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one partition does with what its connections say. Connections are plain objects here. */
class PartitionSubscriptionsTests {

    private final RedisStatistics statistics = new RedisStatistics();

    private final PartitionSubscriptions partition = new PartitionSubscriptions(3, statistics);

    private final List<String> heard = new ArrayList<>();

    private final SubscriptionListener listener = new SubscriptionListener() {
        @Override
        public void onMessage(int from, byte[] name, byte[] message) {
            heard.add(text(name) + "=" + text(message));
        }

        @Override
        public void onResubscribed(int from, Collection<byte[]> names) {
            heard.add("again "
                    + names.stream().map(PartitionSubscriptionsTests::text).toList());
        }
    };

    private static final class Call implements NameSubscription.Waiter {

        private final List<String> results = new ArrayList<>();

        @Override
        public void confirmed() {
            results.add("confirmed");
        }

        @Override
        public void failed(String why) {
            results.add(why);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Call want(String name) {
        Call call = new Call();
        if (partition.subscribe(bytes(name), listener, true, call)) {
            call.confirmed();
        }
        return call;
    }

    private void confirm(Object by, String name) {
        partition.confirmed(by, bytes(name)).forEach(NameSubscription.Waiter::confirmed);
    }

    private List<String> next() {
        SubscriptionBatch batch = partition.nextBatch();
        if (batch == null) {
            return List.of();
        }
        return batch.subscriptions().stream()
                .map(subscription -> (batch.subscribe() ? "+" : "-") + text(subscription.name))
                .toList();
    }

    private Object owned() {
        Object owner = new Object();
        partition.assign(owner);
        return owner;
    }

    /** An owner that confirmed these names. */
    private Object ownerOf(String... names) {
        Object owner = owned();
        for (String name : names) {
            want(name);
        }
        next();
        for (String name : names) {
            confirm(owner, name);
        }
        return owner;
    }

    @Test
    void subscribeCompletesWhenTheOwnerConfirms() {
        Object owner = owned();

        Call call = want("a");

        assertThat(next()).containsExactly("+a");
        assertThat(call.results).isEmpty();
        confirm(new Object(), "a");
        assertThat(call.results).isEmpty();
        confirm(owner, "a");
        assertThat(call.results).containsExactly("confirmed");
        assertThat(heard).isEmpty();
    }

    @Test
    void nothingIsSentWithoutAnOwner() {
        want("a");

        assertThat(next()).isEmpty();

        owned();
        assertThat(next()).containsExactly("+a");
        assertThat(next()).isEmpty();
    }

    @Test
    void namesOfOneTurnLeaveInOneBatchOfBoundedSize() {
        owned();
        for (int index = 0; index < 600; index++) {
            want("n" + index);
        }

        assertThat(next()).hasSize(512);
        assertThat(next()).hasSize(88);
        assertThat(next()).isEmpty();
    }

    @Test
    void messagesAreDeliveredFromTheOwnerAlone() {
        Object owner = ownerOf("a");

        partition.message(new Object(), bytes("a"), bytes("1"));
        partition.message(owner, bytes("a"), bytes("2"));
        partition.message(owner, bytes("unknown"), bytes("3"));

        assertThat(heard).containsExactly("a=2");
    }

    @Test
    void namesAreReportedAfterAnotherOwnerConfirmedThemAndBeforeItsMessages() {
        Object old = ownerOf("a", "b");
        Object next = owned();
        assertThat(next()).containsExactlyInAnyOrder("+a", "+b");

        partition.message(old, bytes("a"), bytes("late"));
        confirm(next, "a");
        partition.message(next, bytes("a"), bytes("1"));
        confirm(next, "b");

        assertThat(heard).containsExactly("again [a]", "a=1", "again [b]");
        assertThat(statistics.events(RedisStatistics.Event.RESUBSCRIPTION)).isEqualTo(2);
    }

    @Test
    void namesOfABatchAreReportedTogether() {
        ownerOf("a", "b");
        Object next = owned();
        next();

        confirm(next, "a");
        confirm(next, "b");

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).contains("a").contains("b");
    }

    @Test
    void nameThatIsNewIsNotReportedWhenItWasNeverConfirmed() {
        owned();
        Call call = want("a");
        next();

        Object next = owned();
        next();
        confirm(next, "a");

        assertThat(call.results).containsExactly("confirmed");
        assertThat(heard).isEmpty();
    }

    @Test
    void sameOwnerAgainBreaksNothing() {
        Object owner = ownerOf("a");

        assertThat(partition.assign(owner)).isFalse();

        assertThat(next()).isEmpty();
        partition.message(owner, bytes("a"), bytes("1"));
        assertThat(heard).containsExactly("a=1");
    }

    @Test
    void withdrawnNameIsAskedForAgain() {
        Object owner = ownerOf("a");

        assertThat(partition.ended(owner, bytes("a"))).isTrue();

        partition.message(owner, bytes("a"), bytes("lost"));
        assertThat(next()).containsExactly("+a");
        confirm(owner, "a");
        assertThat(heard).containsExactly("again [a]");
    }

    @Test
    void unsubscribedNameIsDroppedAtOnce() {
        Object owner = ownerOf("a");

        partition.unsubscribe(bytes("a"));

        partition.message(owner, bytes("a"), bytes("1"));
        assertThat(heard).isEmpty();
        assertThat(next()).containsExactly("-a");
        assertThat(partition.ended(owner, bytes("a"))).isFalse();
        assertThat(partition.counts()).isEqualTo(new PartitionSubscriptions.Counts(0, 0, 0));
    }

    @Test
    void nameWantedAgainWhileItIsUnsubscribedIsSubscribedAfterwards() {
        Object owner = ownerOf("a");
        partition.unsubscribe(bytes("a"));
        next();

        Call call = want("a");

        assertThat(next()).isEmpty();
        partition.ended(owner, bytes("a"));
        assertThat(next()).containsExactly("+a");
        confirm(owner, "a");
        assertThat(call.results).containsExactly("confirmed");
        assertThat(heard).isEmpty();
    }

    @Test
    void nameUnsubscribedBeforeItsConfirmationIsUnsubscribedAfterIt() {
        Object owner = owned();
        Call call = want("a");
        next();

        partition.unsubscribe(bytes("a")).forEach(waiter -> waiter.failed("withdrawn"));

        assertThat(next()).isEmpty();
        confirm(owner, "a");
        assertThat(call.results).containsExactly("withdrawn");
        assertThat(next()).containsExactly("-a");
    }

    @Test
    void nameUnsubscribedWithoutAnOwnerIsForgotten() {
        ownerOf("a");
        partition.assign(null);

        partition.unsubscribe(bytes("a"));

        owned();
        assertThat(next()).isEmpty();
    }

    @Test
    void lateEndOfAnEarlierSubscriptionDoesNotHarmTheNextOne() {
        Object owner = owned();
        want("a");
        next();

        assertThat(partition.ended(owner, bytes("a"))).isFalse();

        confirm(owner, "a");
        partition.message(owner, bytes("a"), bytes("1"));
        assertThat(heard).containsExactly("a=1");
    }

    @Test
    void refusedBatchIsSentAgain() {
        owned();
        want("a");
        SubscriptionBatch refused = partition.nextBatch();

        partition.failed(refused);

        assertThat(next()).containsExactly("+a");
        partition.failed(refused);
        assertThat(next()).isEmpty();
    }

    @Test
    void refusalDoesNotKeepOthersFromBeingReported() {
        ownerOf("a", "b");
        Object owner = owned();
        SubscriptionBatch batch = partition.nextBatch();
        confirm(owner, "a");

        partition.failed(batch);

        assertThat(heard).containsExactly("again [a]");
        assertThat(next()).containsExactly("+b");
    }

    @Test
    void refusedUnsubscribeMeansThatTheServerDoesNotServeTheNameAnyMore() {
        ownerOf("a");
        partition.unsubscribe(bytes("a"));

        partition.failed(partition.nextBatch());

        assertThat(next()).isEmpty();
        want("a");
        assertThat(next()).containsExactly("+a");
    }

    @Test
    void callThatGivesUpLeavesNothingWanted() {
        owned();
        Call call = want("a");
        next();

        assertThat(partition.giveUp(bytes("a"), call)).isTrue();

        assertThat(partition.giveUp(bytes("a"), call)).isFalse();
        assertThat(partition.counts().wanted()).isZero();
    }

    @Test
    void callThatGivesUpTakesNothingFromOneThatSucceeded() {
        ownerOf("a");
        partition.assign(null);
        Call late = want("a");

        partition.giveUp(bytes("a"), late);

        owned();
        assertThat(next()).containsExactly("+a");
    }

    @Test
    void confirmationOfADoubtedOwnerDoesNotCount() {
        Object owner = owned();
        Call call = want("a");
        next();

        partition.doubted(owner, bytes("a"));

        assertThat(call.results).isEmpty();
        assertThat(next()).containsExactly("+a");
    }

    @Test
    void nameThatSomebodyWaitsForGoesBeforeThoseThatAreSubscribedAgain() {
        for (int name = 0; name < 2000; name++) {
            partition.subscribe(bytes("many" + name), listener, true, null);
        }
        partition.assign("A");
        partition.nextBatch();
        assertThat(partition.isAwaited()).isFalse();

        partition.subscribe(bytes("awaited"), listener, true, new Call());

        assertThat(partition.isAwaited()).isTrue();
        assertThat(partition.nextBatch().names()).isDeepEqualTo(new byte[][] {bytes("awaited")});
        assertThat(partition.isAwaited()).isFalse();
    }

    @Test
    void countsTellWhatIsMissing() {
        ownerOf("a", "b");
        partition.subscribe(bytes("probe"), listener, false, null);
        assertThat(partition.counts()).isEqualTo(new PartitionSubscriptions.Counts(2, 2, 0));

        partition.assign(null);
        want("c");

        assertThat(partition.counts()).isEqualTo(new PartitionSubscriptions.Counts(3, 0, 2));
    }

    /** In an outage clients try again and again, under the same and under other names. */
    @Test
    void withoutAnOwnerNothingIsQueuedHoweverOftenItIsAskedFor() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            Call call = new Call();
            byte[] name = bytes("name" + attempt % 10);
            partition.subscribe(name, listener, true, call);
            partition.giveUp(name, call);
        }
        want("wanted");

        assertThat(partition.queued()).isZero();
        partition.assign(new Object());
        assertThat(next()).containsExactly("+wanted");
    }

    @Test
    void nameThatManyWaitForIsQueuedOnce() {
        owned();
        want("kept");
        for (int call = 0; call < 1000; call++) {
            want("name");
        }

        assertThat(partition.queued()).isEqualTo(2);
        assertThat(next()).containsExactly("+kept", "+name");
    }
}
