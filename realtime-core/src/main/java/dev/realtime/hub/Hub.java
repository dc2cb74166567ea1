package dev.realtime.hub;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Push;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Subscribers of this node by channel, and the fan-out to them.
 *
 * <p>A publication is encoded once per body and framed once per wire form in use, on the thread that brings it, and
 * becomes one task per executor that owns subscribers of the channel. That task is always queued, even on the executor
 * itself: this alone keeps the order of two publications that arrive by different threads. On the executor, subscribers
 * are served class by class, see {@link DeliveryClass}.
 *
 * <p>Order is kept for calls of one channel that do not overlap. Locks: the monitor of one {@link HubChannel} at a
 * time, nothing is called under it.
 */
public final class Hub {

    /** Most data that is kept for the next publications of channels whose subscribers get deltas. */
    private static final long MAX_DELTA_BYTES = 64L << 20;

    private final Map<String, HubChannel> channels = new ConcurrentHashMap<>();

    /** Of all channels. */
    private final LongAdder subscribers = new LongAdder();

    /** Last number given to a channel. */
    private final AtomicLong ids = new AtomicLong();

    private final ChannelSubscribers listener;

    private final LongSupplier nanoTime;

    private final WaitingBytes waitingBytes;

    private final DeltaChain.Budget deltaBudget = new DeltaChain.Budget(MAX_DELTA_BYTES);

    private final ByteBufAllocator allocator;

    /**
     * @param nanoTime clock for {@link #takeQuiet}
     * @param maxWaitingBytes most bytes that wait for one executor that does not keep up; what comes beyond is lost,
     *     and positioned subscribers are notified of the gap
     * @param allocator of the frames that subscribers share
     */
    public Hub(ChannelSubscribers listener, LongSupplier nanoTime, long maxWaitingBytes, ByteBufAllocator allocator) {
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.waitingBytes = new WaitingBytes(maxWaitingBytes);
        this.allocator = allocator;
    }

    /** Adds a subscriber, on its executor. It must be in no channel yet. */
    public void subscribe(String channel, Subscriber subscriber) {
        while (true) {
            HubChannel hubChannel = channels.computeIfAbsent(
                    channel, name -> new HubChannel(nanoTime.getAsLong(), waitingBytes, deltaBudget));
            if (hubChannel.add(subscriber, nanoTime.getAsLong(), ids)) {
                subscribers.increment();
                return;
            }
            // Retired: removed here too, rather than waiting for the thread that retired it to get its turn.
            channels.remove(channel, hubChannel);
        }
    }

    /** Removes a subscriber, on its executor. It must be in the channel. */
    public void unsubscribe(String channel, Subscriber subscriber) {
        HubChannel hubChannel = channels.get(channel);
        ClassSubscribers group = subscriber.group;
        if (hubChannel == null || group == null) {
            return;
        }
        boolean last = hubChannel.remove(group, subscriber);
        subscribers.decrement();
        if (last) {
            channels.remove(channel, hubChannel);
            listener.onLastSubscriberGone(channel);
        }
    }

    /** Returns whether anyone on this node is subscribed. */
    public boolean hasSubscribers(String channel) {
        HubChannel hubChannel = channels.get(channel);
        return hubChannel != null && hubChannel.subscribers() > 0;
    }

    /** Returns whether anyone on this node is subscribed and watches offsets. */
    public boolean hasPositionedSubscribers(String channel) {
        HubChannel hubChannel = channels.get(channel);
        return hubChannel != null && hubChannel.positionedSubscribers() > 0;
    }

    /** Returns the number of subscribers of all channels. */
    public int subscribers() {
        return subscribers.intValue();
    }

    /** Number of channels with a subscriber. */
    public int channels() {
        return channels.size();
    }

    /** Calls back with each channel and its number of subscribers. */
    public void forEach(BiConsumer<String, Integer> action) {
        channels.forEach((channel, hubChannel) -> action.accept(channel, hubChannel.subscribers()));
    }

    /**
     * Calls back with each channel that has positioned subscribers, in which nothing was published since {@code nanos}
     * by the clock of this hub, and which was not taken since then.
     */
    public void takeQuiet(long nanos, Consumer<String> action) {
        long now = nanoTime.getAsLong();
        channels.forEach((channel, hubChannel) -> {
            if (hubChannel.positionedSubscribers() > 0
                    && hubChannel.publishedBefore(nanos)
                    && hubChannel.takenBefore(nanos)) {
                hubChannel.takenAt(now);
                action.accept(channel);
            }
        });
    }

    /**
     * Hands a publication to the subscribers of a channel. Never throws: what cannot be encoded is lost for all of
     * them.
     */
    public void publish(String channel, Publication publication, StreamPosition position) {
        HubChannel hubChannel = channels.get(channel);
        if (hubChannel == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        hubChannel.publishedAt(now);
        Delivery.OfPublication delivery = null;
        try {
            delivery = new Delivery.OfPublication(channel, publication, position, now, allocator);
            delivery.encode(hubChannel.plainForms());
            encodeDeltas(hubChannel, delivery);
            encodeCompact(delivery, hubChannel);
            LoopSubscribers[] loops = hubChannel.loops();
            delivery.forExecutors(loops.length);
            for (LoopSubscribers loop : loops) {
                loop.offer(delivery);
            }
        } catch (Throwable failure) {
            Boundary.caught(Place.ENCODING, channel, failure);
            for (LoopSubscribers loop : hubChannel.loops()) {
                loop.lost();
            }
        } finally {
            if (delivery != null) {
                delivery.release();
            }
        }
    }

    private static void encodeDeltas(HubChannel hubChannel, Delivery.OfPublication delivery) {
        DeltaChain chain = hubChannel.deltaChain();
        DeltaChain.Link link = chain == null ? null : chain.add(delivery.publication(), delivery.position());
        if (link != null) {
            delivery.encodeDeltas(chain.forms(), link);
        }
    }

    private static void encodeCompact(Delivery.Encoded delivery, HubChannel hubChannel) {
        int forms = hubChannel.compactFormsInUse();
        if (forms != 0) {
            delivery.encodeCompact(forms, hubChannel.id());
        }
    }

    /** Notifies the subscribers of a channel that a client entered. */
    public void join(String channel, ClientInfo info) {
        joinOrLeave(new Push.Join(channel, info));
    }

    /** Notifies the subscribers of a channel that a client left. */
    public void leave(String channel, ClientInfo info) {
        joinOrLeave(new Push.Leave(channel, info));
    }

    private void joinOrLeave(Push push) {
        HubChannel hubChannel = channels.get(push.channel());
        if (hubChannel == null) {
            return;
        }
        Delivery.OfJoinOrLeave delivery = null;
        try {
            delivery = new Delivery.OfJoinOrLeave(push, allocator);
            delivery.encode(hubChannel.formsInUse());
            encodeCompact(delivery, hubChannel);
            for (LoopSubscribers loop : hubChannel.loops()) {
                loop.offer(delivery);
            }
        } catch (Throwable failure) {
            Boundary.caught(Place.ENCODING, push.channel(), failure);
        } finally {
            if (delivery != null) {
                delivery.release();
            }
        }
    }

    /**
     * Has the subscribers of a channel compare their position with the top of its stream.
     *
     * @param readSinceNanos when the reading began, by the clock of this hub
     */
    public void compare(String channel, StreamPosition top, long readSinceNanos) {
        HubChannel hubChannel = channels.get(channel);
        if (hubChannel == null) {
            return;
        }
        boolean quiet = hubChannel.publishedBefore(readSinceNanos) && hubChannel.subscribedBefore(readSinceNanos);
        StreamTop streamTop = new StreamTop(top, quiet);
        onEachLoop(hubChannel, loop -> loop.tell(streamTop));
    }

    /**
     * Moves the subscribers of a channel to the epoch in which its stream continues, if it is known that nothing was
     * lost. Their clients learn the new epoch with the next publication.
     *
     * @param end last position of the old epoch
     * @param epoch identity of the stream from now on
     */
    public void continueEpoch(String channel, StreamPosition end, String epoch) {
        HubChannel hubChannel = channels.get(channel);
        if (hubChannel != null) {
            Delivery.OfEpoch continued = new Delivery.OfEpoch(end, epoch);
            for (LoopSubscribers loop : hubChannel.loops()) {
                loop.offer(continued);
            }
        }
    }

    /** Has the clients subscribed to a channel load again what they know of it. */
    public void invalidate(String channel) {
        HubChannel hubChannel = channels.get(channel);
        if (hubChannel != null) {
            onEachLoop(hubChannel, LoopSubscribers::invalidate);
        }
    }

    private static void onEachLoop(HubChannel hubChannel, Consumer<LoopSubscribers> action) {
        for (LoopSubscribers loop : hubChannel.loops()) {
            if (!loop.groups().isEmpty()) {
                Boundary.execute(loop.executor(), () -> action.accept(loop));
            }
        }
    }
}
