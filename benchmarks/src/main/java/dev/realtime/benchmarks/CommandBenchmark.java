package dev.realtime.benchmarks;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Commands of one client on their way through a whole node, from the frame to the reply, which the socket takes without
 * sending it. Everything runs on the thread of the benchmark. The node ends with the process.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CommandBenchmark {

    @Param
    public ProtocolType encoding = ProtocolType.JSON;

    private final ManualExecutor executor = new ManualExecutor();

    private final RealtimeNode node = node();

    private ClientFrames plain = ClientFrames.of(ProtocolType.JSON, "news");

    private ClientFrames kept = ClientFrames.of(ProtocolType.JSON, "kept:news");

    private @Nullable TransportListener client;

    private static RealtimeNode node() {
        Access all = new Access(true, false, true);
        ChannelOptions open =
                ChannelOptions.builder().subscribeAccess(all).publishAccess(all).build();
        ChannelOptions kept = ChannelOptions.builder()
                .subscribeAccess(all)
                .history(new HistoryOptions(10, Duration.ofMinutes(5), HistoryOptions.DEFAULT_META_TTL))
                .forceRecovery(true)
                .presence(true)
                .build();
        return BenchmarkNode.with(open, Map.of("kept", kept));
    }

    @Setup
    public void connect() {
        node.start().block();
        plain = ClientFrames.of(encoding, "news");
        kept = ClientFrames.of(encoding, "kept:news");
        accept();
        // This one stays in the channels, so that coming and going does not create and forget them.
        send(plain.subscribe());
        send(kept.subscribe());
        NoOpTransport transport = accept();
        publish();
        subscribeAndUnsubscribe();
        subscribeWithRecoveryAndPresence();
        if (transport.frames() != 6) {
            throw new IllegalStateException("The client did not get a reply to each command");
        }
    }

    private NoOpTransport accept() {
        NoOpTransport transport = new NoOpTransport(
                executor, encoding == ProtocolType.JSON ? WireForm.JSON_WEBSOCKET : WireForm.PROTOBUF_WEBSOCKET);
        client = node.accept(transport);
        send(plain.connect());
        return transport;
    }

    private void send(byte[] frame) {
        Objects.requireNonNull(client).onMessage(Unpooled.wrappedBuffer(frame));
        executor.runAll();
    }

    /** One publish to a channel without history, with one subscriber. */
    @Benchmark
    public void publish() {
        send(plain.publish());
    }

    /** A subscribe and an unsubscribe, of a channel without history. */
    @Benchmark
    public void subscribeAndUnsubscribe() {
        send(plain.subscribe());
        send(plain.unsubscribe());
    }

    /** The same, of a channel with history, recovery and presence. */
    @Benchmark
    public void subscribeWithRecoveryAndPresence() {
        send(kept.subscribe());
        send(kept.unsubscribe());
    }
}
