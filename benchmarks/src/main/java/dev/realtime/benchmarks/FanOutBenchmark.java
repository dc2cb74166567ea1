package dev.realtime.benchmarks;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One publication of the application on its way through a whole node to all its subscribers, up to the socket, which
 * takes it and sends nothing. Everything runs on the thread of the benchmark: no hand-over between threads is in the
 * figure. The node ends with the process.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FanOutBenchmark {

    private static final String CHANNEL = "news";

    private static final Payload DATA = Payload.of(ClientFrames.DATA);

    @Param({"1", "100", "10000"})
    public int subscribers = 1;

    @Param
    public ProtocolType encoding = ProtocolType.JSON;

    private final List<NoOpTransport> transports = new ArrayList<>();

    private ManualExecutor executor = new ManualExecutor();

    private RealtimeNode node = node();

    private static RealtimeNode node() {
        ChannelOptions open = ChannelOptions.builder()
                .subscribeAccess(new Access(true, false, true))
                .build();
        return BenchmarkNode.with(open, Map.of());
    }

    @Setup
    public void subscribe() {
        executor = new ManualExecutor();
        node.start().block();
        ClientFrames frames = ClientFrames.of(encoding, CHANNEL);
        WireForm form = encoding == ProtocolType.JSON ? WireForm.JSON_WEBSOCKET : WireForm.PROTOBUF_WEBSOCKET;
        for (int i = 0; i < subscribers; i++) {
            NoOpTransport transport = new NoOpTransport(executor, form);
            transports.add(transport);
            TransportListener client = node.accept(transport);
            client.onMessage(Unpooled.wrappedBuffer(frames.connect()));
            client.onMessage(Unpooled.wrappedBuffer(frames.subscribe()));
            executor.runAll();
        }
        publish();
        if (transports.stream().anyMatch(transport -> transport.frames() != 3)) {
            throw new IllegalStateException("A subscriber did not get two replies and one publication");
        }
    }

    @Benchmark
    public void publish() {
        node.publisher().publish(CHANNEL, DATA).subscribe();
        executor.runAll();
    }
}
