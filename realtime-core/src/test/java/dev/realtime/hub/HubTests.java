package dev.realtime.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.TrackingAllocator;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fan-out to the subscribers of this node. */
@ExtendWith(BufferLeaks.class)
class HubTests {

    private final AtomicLong nanos = new AtomicLong();

    private final List<String> vacated = new ArrayList<>();

    private final Hub hub = new Hub(vacated::add, nanos::get, Long.MAX_VALUE, ByteBufAllocator.DEFAULT);

    private final ManualExecutor executor = new ManualExecutor();

    /** Keeps what it is given, as text. */
    private class RecordingSubscriber extends SilentSubscriber {

        final List<String> received = new ArrayList<>();

        final List<Long> addresses = new ArrayList<>();

        final List<StreamTop> tops = new ArrayList<>();

        final List<String> epochs = new ArrayList<>();

        int receivedBeforeEpoch;

        /** Whether its client has another epoch. */
        boolean follows;

        final List<Integer> losses = new ArrayList<>();

        final List<Throwable> failures = new ArrayList<>();

        RecordingSubscriber(EventExecutor executor, WireForm form) {
            super(executor, DeliveryClass.of(form), true);
        }

        @Override
        public int onPublications(ClassDelivery delivery) {
            for (int i = 0; i < delivery.size(); i++) {
                take(follows ? delivery.frameWithEpoch(i) : framesOf(delivery, i));
            }
            return delivery.size();
        }

        private @Nullable ByteBuf framesOf(ClassDelivery delivery, int index) {
            return delivery.size() == 1 ? delivery.frames(false) : delivery.frame(index, false);
        }

        @Override
        public void onJoinOrLeave(SharedFrame frame) {
            take(frame.take());
        }

        @Override
        public void onStreamTop(StreamTop top) {
            tops.add(top);
        }

        @Override
        public void onEpochContinued(StreamPosition end, String epoch) {
            receivedBeforeEpoch = received.size();
            epochs.add(end + " " + epoch);
        }

        @Override
        public void onLoss(int publications) {
            losses.add(publications);
        }

        @Override
        public void failed(Place place, Throwable failure) {
            failures.add(failure);
            hub.unsubscribe("a", this);
        }

        private void take(@Nullable ByteBuf frame) {
            if (frame == null) {
                received.add("not for me");
                return;
            }
            addresses.add(frame.memoryAddress());
            received.add(frame.toString(StandardCharsets.UTF_8));
            frame.release();
        }
    }

    private RecordingSubscriber subscriber(ManualExecutor executor, WireForm form) {
        RecordingSubscriber subscriber = new RecordingSubscriber(executor, form);
        hub.subscribe("a", subscriber);
        return subscriber;
    }

    private RecordingSubscriber subscriber() {
        return subscriber(executor, WireForm.JSON_WEBSOCKET);
    }

    private void publish(String data) {
        hub.publish("a", Publication.of(Payload.ofText(data)), StreamPosition.NONE);
    }

    private static String frame(String data) {
        String message = "{\"push\":{\"channel\":\"a\",\"pub\":{\"data\":" + data + "}}}";
        return new String(new char[] {(char) 0xFFFD, (char) message.length()}) + message;
    }

    @Test
    void everySubscriberGetsEverythingInOrder() {
        RecordingSubscriber first = subscriber();
        RecordingSubscriber second = subscriber();

        publish("1");
        publish("2");
        hub.join("a", new ClientInfo("u", "c", null, null));
        publish("3");
        hub.leave("a", new ClientInfo("u", "c", null, null));
        executor.runAll();

        assertThat(first.received).hasSize(5).isEqualTo(second.received);
        assertThat(first.received.get(0)).isEqualTo(frame("1"));
        assertThat(first.received.get(1)).isEqualTo(frame("2"));
        assertThat(first.received.get(2)).contains("join");
        assertThat(first.received.get(3)).isEqualTo(frame("3"));
        assertThat(first.received.get(4)).contains("leave");
    }

    @Test
    void publicationThatNamesItsEpochIsEncodedOnceForAllWhoNeedIt() {
        ManualExecutor another = new ManualExecutor();
        List<RecordingSubscriber> followers =
                List.of(subscriber(), subscriber(), subscriber(another, WireForm.JSON_WEBSOCKET));
        followers.forEach(follower -> follower.follows = true);
        RecordingSubscriber protobuf = subscriber(another, WireForm.PROTOBUF_WEBSOCKET);
        protobuf.follows = true;
        RecordingSubscriber other = subscriber();

        hub.publish("a", Publication.of(Payload.ofText("1")).at(1), new StreamPosition(1, "xyz"));
        executor.runAll();
        another.runAll();

        assertThat(followers)
                .allSatisfy(follower ->
                        assertThat(follower.received.get(0)).endsWith("{\"data\":1,\"offset\":1,\"epoch\":\"xyz\"}}}"));
        assertThat(followers)
                .extracting(follower -> follower.addresses.get(0))
                .containsOnly(followers.get(0).addresses.get(0));
        assertThat(protobuf.received.get(0)).contains("xyz");
        assertThat(other.received.get(0)).doesNotContain("xyz");
    }

    @Test
    void epochThatContinuesReachesEverySubscriber() {
        RecordingSubscriber subscriber = subscriber();

        hub.continueEpoch("a", new StreamPosition(4, "old"), "new");
        hub.continueEpoch("nobody", new StreamPosition(4, "old"), "new");
        assertThat(subscriber.epochs).isEmpty();
        executor.runAll();

        assertThat(subscriber.epochs).containsExactly(new StreamPosition(4, "old") + " new");
    }

    @Test
    void epochThatContinuesComesBetweenThePublicationsOfBoth() {
        RecordingSubscriber subscriber = subscriber();

        publish("1");
        hub.continueEpoch("a", new StreamPosition(1, "old"), "new");
        publish("2");
        executor.runAll();

        assertThat(subscriber.epochs).containsExactly(new StreamPosition(1, "old") + " new");
        assertThat(subscriber.received).containsExactly(frame("1"), frame("2"));
        assertThat(subscriber.receivedBeforeEpoch).isOne();
    }

    @Test
    void nothingIsDeliveredByTheThreadThatBringsIt() {
        RecordingSubscriber subscriber = subscriber();

        publish("1");

        assertThat(subscriber.received).isEmpty();
        executor.runAll();
        assertThat(subscriber.received).hasSize(1);
    }

    @Test
    void publicationIsEncodedOnceForAllSubscribersOfAWireForm() {
        ManualExecutor otherExecutor = new ManualExecutor();
        List<RecordingSubscriber> json =
                List.of(subscriber(), subscriber(), subscriber(otherExecutor, WireForm.JSON_WEBSOCKET));
        List<RecordingSubscriber> protobuf = List.of(
                subscriber(executor, WireForm.PROTOBUF_WEBSOCKET),
                subscriber(otherExecutor, WireForm.PROTOBUF_WEBSOCKET));

        publish("1");
        executor.runAll();
        otherExecutor.runAll();

        long jsonFrame = json.get(0).addresses.get(0);
        long protobufFrame = protobuf.get(0).addresses.get(0);
        assertThat(json).allSatisfy(one -> assertThat(one.addresses).containsExactly(jsonFrame));
        assertThat(protobuf).allSatisfy(one -> assertThat(one.addresses).containsExactly(protobufFrame));
        assertThat(jsonFrame).isNotEqualTo(protobufFrame);
    }

    @Test
    void publicationsReachSubscribersOfEveryWireFormInTheirOwnFrame() {
        Map<WireForm, RecordingSubscriber> subscribers = new EnumMap<>(WireForm.class);
        for (WireForm form : WireForm.values()) {
            subscribers.put(form, subscriber(executor, form));
        }
        String bare = "{\"channel\":\"a\",\"pub\":{\"data\":1}}";
        String reply = "{\"push\":" + bare + "}";

        publish("1");
        executor.runAll();

        assertThat(subscribers.get(WireForm.JSON_WEBSOCKET).received).containsExactly(frame("1"));
        assertThat(subscribers.get(WireForm.JSON_LINES).received).containsExactly(reply + "\n");
        assertThat(subscribers.get(WireForm.JSON_SSE).received).containsExactly("data: " + reply + "\n\n");
        assertThat(subscribers.get(WireForm.UNI_JSON_LINES).received).containsExactly(bare + "\n");
        assertThat(subscribers.get(WireForm.UNI_JSON_SSE).received).containsExactly("data: " + bare + "\n\n");
        assertThat(subscribers.values())
                .allSatisfy(one -> assertThat(one.received).hasSize(1));
    }

    @Test
    void dataThatAWireFormCannotCarryIsTold() {
        RecordingSubscriber json = subscriber();
        RecordingSubscriber protobuf = subscriber(executor, WireForm.PROTOBUF_WEBSOCKET);

        hub.publish("a", Publication.of(Payload.of(new byte[] {1})), StreamPosition.NONE);
        executor.runAll();

        assertThat(json.received).containsExactly("not for me");
        assertThat(protobuf.received).hasSize(1).doesNotContain("not for me");
    }

    @Test
    void subscriberThatLeavesWhileItIsServedKeepsNobodyFromBeingServed() {
        List<RecordingSubscriber> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            RecordingSubscriber leaving = new RecordingSubscriber(executor, WireForm.JSON_WEBSOCKET) {
                @Override
                public int onPublications(ClassDelivery delivery) {
                    int written = super.onPublications(delivery);
                    if (all.indexOf(this) % 2 == 0) {
                        hub.unsubscribe("a", this);
                    }
                    return written;
                }
            };
            all.add(leaving);
            hub.subscribe("a", leaving);
        }

        publish("1");
        executor.runAll();
        publish("2");
        executor.runAll();

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).received).hasSize(i % 2 == 0 ? 1 : 2);
        }
    }

    @Test
    void publicationOfAChannelWithoutSubscribersGoesNowhere() {
        publish("1");
        executor.runAll();

        assertThat(hub.channels()).isZero();
        assertThat(hub.hasSubscribers("a")).isFalse();
    }

    @Test
    void executorWhoseSubscribersLeftIsNotWokenUp() {
        ManualExecutor left = new ManualExecutor();
        RecordingSubscriber leaving = subscriber(left, WireForm.JSON_WEBSOCKET);
        RecordingSubscriber staying = subscriber();
        hub.unsubscribe("a", leaving);

        left.beforeExecute(() -> {
            throw new AssertionError("a task without subscribers");
        });
        publish("1");
        hub.join("a", new ClientInfo("u", "c", null, null));
        hub.compare("a", StreamPosition.NONE, 0);
        hub.continueEpoch("a", StreamPosition.NONE, "new");
        executor.runAll();

        assertThat(staying.received).hasSize(2);
        left.beforeExecute(() -> {});
        RecordingSubscriber again = subscriber(left, WireForm.JSON_WEBSOCKET);
        publish("2");
        left.runAll();
        executor.runAll();
        assertThat(again.received).containsExactly(frame("2"));
        assertThat(leaving.received).isEmpty();
    }

    @Test
    void subscribersOfAClassOnAnExecutorShareACopyWhereOtherExecutorsHaveSubscribersToo() {
        ManualExecutor another = new ManualExecutor();
        List<RecordingSubscriber> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            crowd.add(subscriber());
        }
        RecordingSubscriber elsewhere = subscriber(another, WireForm.JSON_WEBSOCKET);

        publish("1");
        executor.runAll();
        another.runAll();

        long copy = crowd.get(0).addresses.get(0);
        assertThat(crowd).allSatisfy(one -> {
            assertThat(one.received).containsExactly(frame("1"));
            assertThat(one.addresses).containsExactly(copy);
        });
        assertThat(elsewhere.received).containsExactly(frame("1"));
        assertThat(elsewhere.addresses).doesNotContain(copy);
    }

    @Test
    void deliveredPublicationsAreCountedForEachClass() {
        RecordingSubscriber first = subscriber();
        RecordingSubscriber protobuf = subscriber(executor, WireForm.PROTOBUF_WEBSOCKET);
        subscriber();

        publish("1");
        publish("2");
        executor.runAll();

        // The counters of a class are those of the subscriber that came first.
        assertThat(first.statistics().delivered()).isEqualTo(4);
        assertThat(protobuf.statistics().delivered()).isEqualTo(2);
    }

    /** A linear search for each that leaves would take minutes. */
    @Test
    void crowdLeavesInTheOrderInWhichItCame() {
        List<Subscriber> crowd = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            Subscriber subscriber = new SilentSubscriber(executor, true);
            crowd.add(subscriber);
            hub.subscribe("a", subscriber);
        }

        crowd.forEach(one -> hub.unsubscribe("a", one));

        assertThat(hub.channels()).isZero();
        assertThat(hub.subscribers()).isZero();
    }

    @Test
    void executorThatShutDownKeepsNothing() {
        ManualExecutor running = new ManualExecutor();
        EventExecutor stopped = new DefaultEventExecutor();
        stopped.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        hub.subscribe("a", new RecordingSubscriber(stopped, WireForm.JSON_WEBSOCKET));
        RecordingSubscriber alive = subscriber(running, WireForm.JSON_WEBSOCKET);

        publish("1");
        hub.compare("a", StreamPosition.NONE, 0);
        running.runAll();

        assertThat(alive.received).hasSize(1);
        assertThat(alive.tops).hasSize(1);
    }

    @Test
    void lastSubscriberThatLeavesIsTold() {
        RecordingSubscriber first = subscriber();
        RecordingSubscriber second = subscriber();

        hub.unsubscribe("a", first);
        assertThat(vacated).isEmpty();
        hub.unsubscribe("a", second);

        assertThat(vacated).containsExactly("a");
        assertThat(hub.hasSubscribers("a")).isFalse();
        assertThat(hub.channels()).isZero();
    }

    @Test
    void channelsAreCountedAndGoneThroughWithTheirSubscribers() {
        subscriber();
        subscriber();
        hub.subscribe("b", new RecordingSubscriber(executor, WireForm.JSON_WEBSOCKET));
        List<String> seen = new ArrayList<>();

        hub.forEach((channel, count) -> seen.add(channel + " " + count));

        assertThat(seen).containsExactlyInAnyOrder("a 2", "b 1");
        assertThat(hub.channels()).isEqualTo(2);
    }

    @Test
    void channelIsQuietFromItsLastPublicationOn() {
        subscriber();
        nanos.set(100);
        publish("1");

        assertThat(quiet(100)).isEmpty();
        assertThat(quiet(101)).containsExactly("a");
        executor.runAll();
    }

    @Test
    void quietChannelIsTakenOncePerInterval() {
        subscriber();
        nanos.set(100);

        assertThat(quiet(50)).containsExactly("a");
        assertThat(quiet(50)).isEmpty();
        assertThat(quiet(99)).isEmpty();
        assertThat(quiet(100)).containsExactly("a");
    }

    private List<String> quiet(long since) {
        List<String> quiet = new ArrayList<>();
        hub.takeQuiet(since, quiet::add);
        return quiet;
    }

    @Test
    void topIsQuietUnlessSomethingCameSinceItWasRead() {
        RecordingSubscriber subscriber = subscriber();
        StreamPosition top = new StreamPosition(7, "e");

        hub.compare("a", top, 1);
        nanos.set(5);
        publish("1");
        hub.compare("a", top, 5);
        hub.compare("a", top, 6);
        nanos.set(9);
        subscriber();
        hub.compare("a", top, 8);
        executor.runAll();

        assertThat(subscriber.tops)
                .containsExactly(
                        new StreamTop(top, true),
                        new StreamTop(top, false),
                        new StreamTop(top, true),
                        new StreamTop(top, false));
    }

    /**
     * Subscribers of several executors come and go at the same time. Afterwards the hub knows exactly those that
     * stayed, and each caller that saw a channel become empty was notified.
     */
    @Test
    void comingAndGoingFromManyExecutorsLosesNobody() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Hub shared =
                new Hub(channel -> told.incrementAndGet(), System::nanoTime, Long.MAX_VALUE, ByteBufAllocator.DEFAULT);
        List<EventExecutor> executors = List.of(new DefaultEventExecutor(), new DefaultEventExecutor());
        CyclicBarrier start = new CyclicBarrier(executors.size());
        List<RecordingSubscriber> stayed = new ArrayList<>();
        var done = new ArrayList<Future<@Nullable Void>>();
        for (EventExecutor one : executors) {
            RecordingSubscriber last = new RecordingSubscriber(one, WireForm.JSON_WEBSOCKET);
            stayed.add(last);
            Random random = new Random(stayed.size());
            done.add(one.submit(() -> {
                start.await();
                for (int i = 0; i < 20_000; i++) {
                    RecordingSubscriber passing = new RecordingSubscriber(one, WireForm.JSON_WEBSOCKET);
                    shared.subscribe("a", passing);
                    if (random.nextInt(8) == 0) {
                        Thread.yield();
                    }
                    shared.unsubscribe("a", passing);
                }
                shared.subscribe("a", last);
                return null;
            }));
        }
        for (var one : done) {
            one.sync();
        }

        shared.publish("a", Publication.of(Payload.ofText("1")), StreamPosition.NONE);
        for (EventExecutor one : executors) {
            one.submit(() -> {}).sync();
            one.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }

        assertThat(stayed).allSatisfy(one -> assertThat(one.received).hasSize(1));
        assertThat(told.get()).isPositive();
        List<Integer> counts = new ArrayList<>();
        shared.forEach((channel, count) -> counts.add(count));
        assertThat(counts).containsExactly(2);
    }

    // ---- Failures

    /** Throws while it is handed a publication or a run of them. */
    private final class FailingSubscriber extends RecordingSubscriber {

        FailingSubscriber() {
            super(executor, WireForm.JSON_WEBSOCKET);
            hub.subscribe("a", this);
        }

        @Override
        public int onPublications(ClassDelivery delivery) {
            throw new OutOfMemoryError("Direct buffer memory");
        }
    }

    @Test
    void subscriberThatThrowsIsEndedAndAllOthersGetThisAndEveryFurtherPublication() {
        RecordingSubscriber first = subscriber();
        FailingSubscriber failing = new FailingSubscriber();
        RecordingSubscriber last = subscriber();

        publish("0");
        executor.runAll();
        for (int i = 1; i <= 1_000; i++) {
            publish(String.valueOf(i));
            if (i % 3 == 0) {
                executor.runAll();
            }
        }
        executor.runAll();

        assertThat(failing.failures).hasSize(1);
        assertThat(first.received).hasSize(1_001).isEqualTo(last.received);
        assertThat(first.received.get(1_000)).isEqualTo(frame("1000"));
    }

    @Test
    void subscriberThatThrowsInTheMiddleOfARunKeepsNothingFromTheOthers() {
        RecordingSubscriber first = subscriber();
        FailingSubscriber failing = new FailingSubscriber();

        publish("1");
        publish("2");
        hub.join("a", new ClientInfo("u", "c", null, null));
        publish("3");
        executor.runAll();
        publish("4");
        executor.runAll();

        assertThat(failing.failures).hasSize(1);
        assertThat(first.received).hasSize(5).last().isEqualTo(frame("4"));
    }

    @Test
    void whatWaitsForAnExecutorThatStandsStillIsBounded() {
        TrackingAllocator allocator = new TrackingAllocator();
        Hub bounded = new Hub(vacated::add, nanos::get, 50_000, allocator);
        RecordingSubscriber blocked = new RecordingSubscriber(executor, WireForm.JSON_WEBSOCKET);
        RecordingSubscriber blockedToo = new RecordingSubscriber(executor, WireForm.JSON_WEBSOCKET);
        RecordingSubscriber elsewhere = new RecordingSubscriber(new ManualExecutor(), WireForm.JSON_WEBSOCKET);
        bounded.subscribe("a", blocked);
        bounded.subscribe("b", blockedToo);
        bounded.subscribe("a", elsewhere);

        for (int i = 0; i < 500; i++) {
            bounded.publish("a", Publication.of(Payload.ofText("\"" + "x".repeat(500) + "\"")), StreamPosition.NONE);
            bounded.publish("b", Publication.of(Payload.ofText("\"" + "x".repeat(500) + "\"")), StreamPosition.NONE);
            ((ManualExecutor) elsewhere.executor()).runAll();
        }
        int held = allocator.held().stream().mapToInt(ByteBuf::capacity).sum();
        executor.runAll();
        bounded.publish("a", Publication.of(Payload.ofText("1")), StreamPosition.NONE);
        executor.runAll();
        ((ManualExecutor) elsewhere.executor()).runAll();

        assertThat(held).isLessThan(60_000);
        assertThat(elsewhere.received).hasSize(501);
        assertThat(elsewhere.losses).isEmpty();
        assertThat(blocked.losses).hasSize(1);
        assertThat(blocked.received.size() + blocked.losses.get(0)).isEqualTo(501);
        assertThat(blockedToo.losses).hasSize(1);
        assertThat(blockedToo.received.size() + blockedToo.losses.get(0)).isEqualTo(500);
        assertThat(blocked.received).last().isEqualTo(frame("1"));
        assertThat(allocator.held()).isEmpty();
    }

    @Test
    void publicationThatCannotBeEncodedIsLostAndItsSubscribersAreNotified() {
        TrackingAllocator allocator = new TrackingAllocator();
        Hub failing = new Hub(vacated::add, nanos::get, Long.MAX_VALUE, allocator);
        RecordingSubscriber json = new RecordingSubscriber(executor, WireForm.JSON_WEBSOCKET);
        RecordingSubscriber protobuf = new RecordingSubscriber(executor, WireForm.PROTOBUF_WEBSOCKET);
        failing.subscribe("a", json);
        failing.subscribe("a", protobuf);
        int[] allocations = {0};
        allocator.beforeAllocation(() -> {
            if (++allocations[0] == 2) {
                throw new OutOfMemoryError("Direct buffer memory");
            }
        });

        failing.publish("a", Publication.of(Payload.ofText("1")), StreamPosition.NONE);
        executor.runAll();
        failing.publish("a", Publication.of(Payload.ofText("2")), StreamPosition.NONE);
        executor.runAll();

        assertThat(json.losses).containsExactly(1);
        assertThat(protobuf.losses).containsExactly(1);
        assertThat(json.received).containsExactly(frame("2"));
        assertThat(allocator.held()).isEmpty();
    }

    @Test
    void taskThatCannotBeQueuedCostsWhatItWasForAndNothingElse() {
        RecordingSubscriber subscriber = subscriber();
        executor.beforeExecute(() -> {
            executor.beforeExecute(() -> {});
            throw new OutOfMemoryError("unable to create native thread");
        });

        publish("1");
        executor.runAll();
        publish("2");
        executor.runAll();

        assertThat(subscriber.received).containsExactly(frame("2"));
        assertThat(subscriber.losses).containsExactly(1);
    }
}
