package dev.realtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.statistics.NodeStatistics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Schedulers;

/** Time of a flush, on an executor that exposes its waiting tasks. */
@ExtendWith(BufferLeaks.class)
class ConnectionLoopTests {

    private final DefaultEventExecutor executor = new DefaultEventExecutor();

    private final NodeStatistics statistics = new NodeStatistics();

    private final ScriptedTransport transport = new ScriptedTransport(
            executor,
            WireForm.JSON_WEBSOCKET,
            new TransportDescription(
                    "scripted", TransportCapabilities.WEBSOCKET, null, Map.of(), "/connection/websocket", ""));

    private final ConnectionLoop loop = new ConnectionLoop(
            executor,
            new MemoryEngine(Duration.ofMinutes(1), Schedulers.immediate()).presenceManager(),
            new NodeQueues(0),
            statistics,
            System::nanoTime,
            () -> 0.5);

    private final OutboundQueue queue = new OutboundQueue(transport, loop, 1_000, () -> {}, (place, failure) -> {});

    private final List<Integer> flushesSeen = new ArrayList<>();

    @AfterEach
    void stop() {
        executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void deliveryThatIsTheLastOfItsTurnLeavesAtOnce() {
        run(() -> {
            deliver();
            deliver();
        });

        assertThat(flushesSeen).containsExactly(1, 2);
        assertThat(transport.takeReceived()).hasSize(2);
    }

    @Test
    void deliveryLeavesWithTheOneThatFollows() {
        run(() -> {
            executor.execute(this::deliver);
            deliver();
        });

        assertThat(flushesSeen).containsExactly(0, 1);
        assertThat(transport.takeReceived()).hasSize(2);
        assertThat(transport.flushes()).isEqualTo(1);
    }

    @Test
    void replyWaitsForTheEndOfTheTurnAndLeavesWithADelivery() {
        run(() -> {
            queue.offer(frame(), 1);
            assertThat(transport.flushes()).isZero();
            deliver();
        });

        assertThat(flushesSeen).containsExactly(1);
        assertThat(transport.takeReceived()).hasSize(2);
    }

    @Test
    void lagIsMeasuredOncePerTurnThoughDeliveriesLeaveAtOnce() {
        List<Long> lags = new ArrayList<>();
        statistics.whenDelivered(lags::add);

        run(() -> {
            long arrived = System.nanoTime();
            deliver();
            loop.delivered(arrived);
            deliver();
            loop.delivered(arrived);
        });

        assertThat(lags).hasSize(1);
    }

    private void deliver() {
        queue.deliver(frame(), 1);
        flushesSeen.add(transport.flushes());
    }

    /** Runs this as one task, and everything it leaves behind; adds nothing of its own before that is done. */
    private void run(Runnable task) {
        executor.submit(task).syncUninterruptibly();
        await().until(() -> executor.pendingTasks() == 0);
        executor.submit(() -> {}).syncUninterruptibly();
    }

    private static ByteBuf frame() {
        WireWriter message = new WireWriter();
        message.write("{}".getBytes(StandardCharsets.US_ASCII));
        return WireForm.JSON_WEBSOCKET.frame(message, ByteBufAllocator.DEFAULT);
    }
}
