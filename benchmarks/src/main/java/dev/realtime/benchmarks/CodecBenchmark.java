package dev.realtime.benchmarks;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Result;
import dev.realtime.protocol.json.JsonCodec;
import dev.realtime.protocol.protobuf.ProtobufCodec;
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
 * Reading what clients send most and writing what they get most, one command or message at a time, in both encodings.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

    private static final Reply PUBLISHED = new Reply.Success(3, new Result.Publish());

    @Param
    public ProtocolType encoding = ProtocolType.JSON;

    private final WireWriter writer = new WireWriter();

    private final Push publication = new Push.Pub(
            "chat:room", Publication.of(Payload.of(ClientFrames.DATA)).at(1_000_000));

    private ProtocolCodec codec = JsonCodec.INSTANCE;

    private ClientFrames frames = ClientFrames.of(ProtocolType.JSON, "chat:room");

    @Setup
    public void choose() {
        codec = encoding == ProtocolType.JSON ? JsonCodec.INSTANCE : ProtobufCodec.INSTANCE;
        frames = ClientFrames.of(encoding, "chat:room");
    }

    @Benchmark
    public @Nullable Command readPublish() throws MalformedFrameException {
        return read(frames.publish());
    }

    @Benchmark
    public @Nullable Command readSubscribe() throws MalformedFrameException {
        return read(frames.subscribe());
    }

    private @Nullable Command read(byte[] frame) throws MalformedFrameException {
        return codec.read(frame, 0, frame.length, ProtocolLimits.DEFAULTS).next();
    }

    @Benchmark
    public int writePublication() {
        writer.clear();
        codec.writePush(publication, writer);
        return writer.size();
    }

    @Benchmark
    public int writePublishReply() {
        writer.clear();
        codec.writeReply(PUBLISHED, writer);
        return writer.size();
    }
}
