package dev.realtime.emulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.loop.NodeQueues;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Request;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.statistics.NodeStatistics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/** Order in which frames pass, by a clock that the test moves. Frames are written as the ids in them. */
class FrameOrderTests {

    private static final long LAST_ID = 0xFFFF_FFFFL;

    /** Patience and the rest of a tick. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

    private final ManualExecutor executor = new ManualExecutor();

    private final ConnectionLoop loop = new ConnectionLoop(
            executor,
            new MemoryEngine(Duration.ofMinutes(1), Schedulers.immediate()).presenceManager(),
            new NodeQueues(0),
            new NodeStatistics(),
            () -> 0,
            () -> 0.5);

    private final List<String> passed = new ArrayList<>();

    private final List<Throwable> failures = new ArrayList<>();

    private Consumer<String> onPassed = frame -> {};

    private final FrameOrder order = order(WireForm.JSON_LINES, this::passed);

    private FrameOrder order(WireForm form, Consumer<byte[]> commands) {
        TransportDescription description =
                new TransportDescription("scripted", TransportCapabilities.EMULATED, null, Map.of(), "", "");
        return new FrameOrder(
                new ScriptedTransport(executor, form, description),
                ProtocolLimits.DEFAULTS,
                loop.wheel(),
                (place, failure) -> failures.add(failure),
                commands);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(failures).isEmpty();
        order.stop();
        assertThat(executor.hasTimers()).isFalse();
    }

    private void passed(byte[] frame) {
        String text = new String(frame, StandardCharsets.UTF_8);
        String ids = text.lines()
                .map(line -> line.contains("\"id\":") ? line.replaceAll(".*\"id\":(\\d+).*", "$1") : line)
                .collect(Collectors.joining(","));
        passed.add(ids);
        onPassed.accept(ids);
    }

    /** Takes one frame with these ids. */
    private FrameOrderTests takes(long... ids) {
        String frame = LongStream.of(ids)
                .mapToObj(id -> "{\"id\":" + id + ",\"rpc\":{\"method\":\"m\"}}")
                .collect(Collectors.joining("\n"));
        return takes(frame);
    }

    private FrameOrderTests takes(String frame) {
        order.take(frame.getBytes(StandardCharsets.UTF_8));
        executor.runAll();
        return this;
    }

    private List<String> takePassed() {
        List<String> taken = List.copyOf(passed);
        passed.clear();
        return taken;
    }

    @Test
    void framesInOrderPassImmediately() {
        takes(1).takes(2).takes(3, 4).takes(5);

        assertThat(passed).containsExactly("1", "2", "3,4", "5");
        assertThat(executor.hasTimers()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 77, 4_000_000_000L, LAST_ID})
    void firstFrameSaysWhereTheClientCounts(long base) {
        takes(base).takes(after(base, 2)).takes(after(base, 1));

        assertThat(passed).containsExactly(text(base), text(after(base, 1)), text(after(base, 2)));
    }

    private static long after(long id, long count) {
        return (id - 1 + count) % LAST_ID + 1;
    }

    private static String text(long id) {
        return Long.toString(id);
    }

    @Test
    void frameThatOvertookOthersWaitsForThem() {
        takes(1).takes(4).takes(3);
        assertThat(takePassed()).containsExactly("1");

        takes(2);

        assertThat(passed).containsExactly("2", "3", "4");
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void framesOfSeveralCommandsAreOrderedByTheFirst() {
        takes(1).takes(5, 6, 7).takes(8).takes(2, 3, 4);

        assertThat(passed).containsExactly("1", "2,3,4", "5,6,7", "8");
    }

    @Test
    void anyOrderWithinThePatienceIsRestored() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            FrameOrderTests fresh = new FrameOrderTests();
            fresh.takes(1);
            List<Long> ids =
                    new ArrayList<>(LongStream.rangeClosed(2, 40).boxed().toList());
            Collections.shuffle(ids, random);
            for (long id : ids) {
                fresh.takes(id);
                fresh.executor.advance(Duration.ofMillis(random.nextInt(5)));
            }

            assertThat(fresh.passed)
                    .as("seed " + seed)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 40)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(fresh.executor.hasTimers()).isFalse();
        }
    }

    @Test
    void lostFrameHoldsUpThoseBehindItForAMomentOnly() {
        takes(1).takes(3).takes(4).takes(6);

        executor.advance(FrameOrder.PATIENCE.minusMillis(1));
        assertThat(takePassed()).containsExactly("1");
        executor.advance(LONG_ENOUGH.minus(FrameOrder.PATIENCE));

        assertThat(takePassed()).containsExactly("3", "4", "6");
        takes(7).takes(8);
        assertThat(passed).containsExactly("7", "8");
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void noFrameWaitsLongerBecauseOthersComeLater() {
        takes(1).takes(9);
        executor.advance(Duration.ofMillis(150));
        takes(7);
        executor.advance(Duration.ofMillis(150));

        assertThat(takePassed()).containsExactly("1", "7", "9");
        takes(12);
        executor.advance(Duration.ofMillis(150));
        takes(14);
        executor.advance(Duration.ofMillis(150));
        assertThat(takePassed()).as("the later one has not waited long enough").containsExactly("12");
        executor.advance(Duration.ofMillis(150));
        assertThat(passed).containsExactly("14");
    }

    @Test
    void frameThatComesAfterItWasGivenUpPasses() {
        takes(1).takes(3);
        executor.advance(LONG_ENOUGH);

        takes(2).takes(4);

        assertThat(passed).containsExactly("1", "3", "2", "4");
    }

    @Test
    void duplicatePassesLikeTheFirst() {
        takes(1).takes(2).takes(2).takes(4).takes(4).takes(3).takes(1);

        assertThat(passed).containsExactly("1", "2", "2", "3", "4", "4", "1");
    }

    @Test
    void framesWithoutIdsPassAsTheyCome() {
        takes(1).takes(3).takes("{}").takes("{\"send\":{\"data\":1}}").takes(2);

        assertThat(passed).containsExactly("1", "{}", "{\"send\":{\"data\":1}}", "2", "3");
    }

    @Test
    void commandsWithoutIdsDoNotCount() {
        takes(1).takes("{\"send\":{}}\n{\"id\":3,\"rpc\":{}}\n{}")
                .takes("{}\n{\"id\":2,\"rpc\":{}}")
                .takes(4);

        assertThat(passed).containsExactly("1", "{},2", "{\"send\":{}},3,{}", "4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "{", "[]", "nonsense", "{\"id\":-1}", "{\"id\":4294967296,\"rpc\":{}}"})
    void malformedFrameIsFoundByTheCommands(String frame) {
        takes(1).takes(frame);

        assertThat(passed).hasSize(2);
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void frameThatIsMalformedBehindACommandHasItsPlace() {
        takes(1).takes("{\"id\":3,\"rpc\":{}}\nnonsense").takes(2);

        assertThat(passed).containsExactly("1", "2", "3,nonsense");
    }

    @Test
    void hugeGapIsAnotherNumbering() {
        takes(1).takes(3).takes(1_000_000).takes(1_000_001).takes(1_000_003).takes(1_000_002);

        assertThat(passed).containsExactly("1", "3", "1000000", "1000001", "1000002", "1000003");
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void numberingThatBeginsAgainIsFollowed() {
        takes(5000).takes(5002).takes(1).takes(3).takes(2);

        assertThat(passed).containsExactly("5000", "5002", "1", "2", "3");
    }

    @Test
    void widestGapIsWaitedForAndTheNextIsNot() {
        takes(1).takes(2 + FrameOrder.FARTHEST);
        assertThat(takePassed()).containsExactly("1");
        executor.advance(LONG_ENOUGH);
        assertThat(takePassed()).hasSize(1);

        takes(3 + FrameOrder.FARTHEST + FrameOrder.FARTHEST + 1);

        assertThat(passed).hasSize(1);
    }

    @Test
    void idsBeginAgainAfterTheLast() {
        takes(LAST_ID - 1).takes(2).takes(1).takes(LAST_ID).takes(3);

        assertThat(passed).containsExactly(text(LAST_ID - 1), text(LAST_ID), "1", "2", "3");
    }

    @Test
    void idsOfOneFrameInAnyOrderAreServed() {
        takes(1).takes(3, 2).takes(4).takes(9, 9, 5).takes(10);
        executor.advance(LONG_ENOUGH);

        assertThat(passed).startsWith("1").contains("3,2", "4", "9,9,5", "10").hasSize(5);
        takes(11);
        assertThat(passed).endsWith("11");
    }

    @Test
    void randomIdsAreServedInTheEnd() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            takes(1 + Math.floorMod(random.nextLong(), random.nextBoolean() ? LAST_ID : 3000));
            if (random.nextInt(20) == 0) {
                executor.advance(Duration.ofMillis(random.nextInt(100)));
            }
        }
        executor.advance(LONG_ENOUGH);

        assertThat(passed).hasSize(2000);
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void nothingPassesAfterTheEnd() {
        takes(1).takes(3);

        order.stop();
        takes(2).takes(4);
        executor.advance(Duration.ofSeconds(1));

        assertThat(passed).containsExactly("1");
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void frameThatEndsTheConnectionIsTheLast() {
        onPassed = ids -> {
            if (ids.equals("3")) {
                order.stop();
            }
        };

        takes(1).takes(4).takes(3).takes(2);

        assertThat(passed).containsExactly("1", "2", "3");
    }

    @Test
    void failureOfTheCommandsAfterAGapEndsTheConnection() {
        onPassed = ids -> {
            if (ids.equals("3")) {
                throw new AssertionError("on purpose");
            }
        };
        takes(1).takes(3);

        executor.advance(LONG_ENOUGH);

        assertThat(failures).hasSize(1);
        failures.clear();
    }

    @Test
    void framesOfProtobufAreOrderedAndPassedOnAsTheyAre() {
        ClientCodec codec = ClientCodec.of(ProtocolType.PROTOBUF);
        List<byte[]> frames = LongStream.rangeClosed(1, 4)
                .mapToObj(id -> codec.encode(new Command(id, new Request.Unsubscribe("channel"))))
                .toList();
        List<byte[]> taken = new ArrayList<>();
        FrameOrder protobuf = order(WireForm.PROTOBUF_DELIMITED, taken::add);

        for (int i : new int[] {0, 3, 2, 1}) {
            protobuf.take(frames.get(i));
        }

        assertThat(taken).isEqualTo(frames);
    }
}
