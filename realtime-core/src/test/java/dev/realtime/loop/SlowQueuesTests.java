package dev.realtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.statistics.NodeStatistics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Schedulers;

/** Memory held by clients that do not read, and which of them pay for it. */
@ExtendWith(BufferLeaks.class)
class SlowQueuesTests {

    private static final int MAX = 1_000_000;

    private final ManualExecutor executor = new ManualExecutor();

    private final NodeQueues node = new NodeQueues(MAX);

    private final NodeStatistics statistics = new NodeStatistics();

    private final ConnectionLoop loop = loop(executor);

    private final List<Stuck> all = new ArrayList<>();

    private ConnectionLoop loop(EventExecutor owner) {
        return new ConnectionLoop(
                owner,
                new MemoryEngine(Duration.ofMinutes(1), Schedulers.immediate()).presenceManager(),
                node,
                statistics,
                System::nanoTime,
                () -> 0.5);
    }

    @AfterEach
    void release() {
        all.forEach(Stuck::abort);
    }

    @Test
    void bufferThatManyWaitForIsHeldOnce() {
        List<Stuck> crowd = clients(100);
        for (int i = 0; i < 10; i++) {
            share(crowd, 20_000);
        }

        executor.advance(Duration.ofSeconds(1));

        // 20 MB are queued, in 200 kB of memory.
        assertThat(crowd).noneMatch(client -> client.overloaded);
    }

    @Test
    void clientsThatHoldMostAreClosedAndNoMoreThanNeeded() {
        List<Stuck> crowd = clients(100);
        share(crowd, 20_000);
        List<Stuck> alone = clients(4);
        for (int i = 0; i < alone.size(); i++) {
            alone.get(i).send(260_000 + i * 10_000);
        }

        executor.advance(Duration.ofSeconds(1));

        assertThat(alone).extracting(client -> client.overloaded).containsExactly(false, false, false, true);
        assertThat(crowd).noneMatch(client -> client.overloaded);
    }

    @Test
    void memoryIsWeighedInTheSameTurnWhenItGrowsFast() {
        List<Stuck> clients = clients(20);
        clients.forEach(client -> client.send(100_000));

        executor.runAll();

        assertThat(clients).filteredOn(client -> client.overloaded).hasSizeBetween(10, 11);
    }

    @Test
    void loopsDoNotCloseConnectionsForTheSameExcess() {
        ManualExecutor second = new ManualExecutor();
        ConnectionLoop other = loop(second);
        List<Stuck> clients = clients(4);
        for (int i = 0; i < 4; i++) {
            clients.add(new Stuck(second).open(other));
        }
        clients.forEach(client -> client.send(150_000));
        executor.runAll();
        second.runAll();

        executor.advance(Duration.ofMillis(100));
        second.advance(Duration.ofMillis(100));

        assertThat(clients).filteredOn(client -> client.overloaded).hasSize(2);
    }

    @Test
    void closedConnectionThatStillHoldsMemoryIsCutBeforeAnotherIsClosed() {
        List<Stuck> clients = clients(3);
        clients.forEach(client -> client.keepsAfterClose = true);
        clients.forEach(client -> client.send(400_000));
        executor.runAll();
        assertThat(clients).filteredOn(client -> client.overloaded).hasSize(1).noneMatch(client -> client.aborted);

        executor.advance(Duration.ofMillis(100));

        assertThat(clients)
                .filteredOn(client -> client.overloaded)
                .singleElement()
                .matches(client -> client.aborted);
    }

    @Test
    void shareOfALoopThatEndsIsTakenBack() {
        DefaultEventExecutor ending = new DefaultEventExecutor();
        ConnectionLoop other = loop(ending);
        Stuck gone = new Stuck(ending);
        ending.submit(() -> gone.open(other).send(900_000)).syncUninterruptibly();
        ending.schedule(() -> {}, 300, TimeUnit.MILLISECONDS).syncUninterruptibly();
        assertThat(node.isOver(200_000)).isTrue();
        node.isOver(-200_000);

        ending.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();

        await().untilAsserted(() -> {
            boolean over = node.isOver(MAX);
            node.isOver(-MAX);
            assertThat(over).isFalse();
        });
    }

    private List<Stuck> clients(int count) {
        List<Stuck> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new Stuck(executor).open(loop));
        }
        return clients;
    }

    private static void share(List<Stuck> clients, int bytes) {
        ByteBuf frame = frame(bytes);
        clients.forEach(client -> client.queue.offer(frame.retain(), 1));
        frame.release();
    }

    private static ByteBuf frame(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes);
    }

    /** A connection whose socket takes nothing. */
    private final class Stuck implements Transport {

        private final EventExecutor owner;

        private final Queue<ByteBuf> waiting = new ArrayDeque<>();

        private OutboundQueue queue;

        boolean overloaded;

        boolean aborted;

        boolean keepsAfterClose;

        Stuck(EventExecutor owner) {
            this.owner = owner;
            all.add(this);
        }

        Stuck open(ConnectionLoop loop) {
            queue = new OutboundQueue(this, loop, Long.MAX_VALUE, this::overloaded, (place, failure) -> {});
            return this;
        }

        void send(int bytes) {
            queue.offer(frame(bytes), 1);
        }

        private void overloaded() {
            overloaded = true;
            if (!keepsAfterClose) {
                drop();
            }
        }

        private void drop() {
            waiting.forEach(ByteBuf::release);
            waiting.clear();
        }

        @Override
        public EventExecutor executor() {
            return owner;
        }

        @Override
        public WireForm wireForm() {
            return WireForm.JSON_WEBSOCKET;
        }

        @Override
        public TransportDescription describe() {
            return new TransportDescription("stuck", TransportCapabilities.WEBSOCKET, null, Map.of(), "/", "");
        }

        @Override
        public void write(ByteBuf frame) {
            waiting.add(frame);
        }

        @Override
        public void flush() {}

        @Override
        public long queuedBytes() {
            return waiting.stream().mapToLong(ByteBuf::readableBytes).sum();
        }

        @Override
        public void forEachQueued(Consumer<ByteBuf> action) {
            waiting.forEach(frame -> action.accept(frame.duplicate()));
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(Disconnect disconnect) {}

        @Override
        public void abort() {
            aborted = true;
            drop();
        }
    }
}
