package dev.realtime.spi.transport;

import static dev.realtime.spi.transport.TransportCalls.queuedBytes;
import static dev.realtime.spi.transport.TransportCalls.run;
import static dev.realtime.spi.transport.TransportCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every {@link Transport} over WebSocket must do, tried over real sockets on a real server. */
@ExtendWith(BufferLeaks.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TransportContract {

    /** Of slow clients, so that the system does not enlarge them. */
    private static final int SOCKET_BUFFER = 256 * 1024;

    /** More than the socket buffers of both sides hold then. */
    private static final int MORE_THAN_SOCKETS_HOLD = 16 * 1024 * 1024;

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private final List<RawWebSocketClient> clients = new ArrayList<>();

    private int port;

    /**
     * Starts a server once for all tests, with a message size limit of 65536 bytes and without a write timeout.
     *
     * @param node to be asked for each connection
     * @return its port
     */
    protected abstract int start(Function<Transport, TransportListener> node) throws Exception;

    /** Path, and query if needed, of the endpoint. */
    protected String target() {
        return "/connection/websocket";
    }

    /** Lays TLS over a connected socket if the server wants it. */
    protected Socket layer(Socket socket) throws IOException {
        return socket;
    }

    @BeforeEach
    void startOnce() throws Exception {
        if (port == 0) {
            port = start(transport -> {
                RecordingListener listener = new RecordingListener(transport);
                accepted.add(listener);
                return listener;
            });
        }
    }

    @AfterEach
    void closeClients() throws IOException {
        for (RawWebSocketClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    void writtenFrameReachesClientByteForByte() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        ByteBuf frame = frame("x".repeat(200));
        byte[] bytes = ByteBufUtil.getBytes(frame);

        write(listener, frame);

        assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
        eventually().untilAsserted(() -> assertThat(frame.refCnt()).isZero());
    }

    @Test
    void binaryFrameStaysBinary() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        write(listener, WireForm.PROTOBUF_WEBSOCKET.frame(message("\0\1\2"), ByteBufAllocator.DEFAULT));

        Frame received = client.read();
        assertThat(received.opcode()).isEqualTo(RawWebSocketClient.BINARY);
        assertThat(received.payload()).containsExactly(0, 1, 2);
    }

    @Test
    void framesOfOneFlushArriveInOrder() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        run(listener, transport -> {
            transport.write(frame("first"));
            transport.write(frame("y".repeat(70_000)));
            transport.write(frame("third"));
            transport.flush();
        });

        assertThat(client.readMessage().text()).isEqualTo("first");
        assertThat(client.readMessage().text()).isEqualTo("y".repeat(70_000));
        assertThat(client.readMessage().text()).isEqualTo("third");
    }

    @Test
    void nothingIsLostOfTenThousandFrames() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        listener.transport().executor().execute(() -> {
            for (int i = 0; i < 10_000; i++) {
                listener.transport().write(frame("frame " + i));
                if (i % 7 == 0) {
                    listener.transport().flush();
                }
            }
            listener.transport().flush();
        });

        for (int i = 0; i < 10_000; i++) {
            assertThat(client.readMessage().text()).isEqualTo("frame " + i);
        }
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void sharedFrameReachesAllClientsIntactAndIsReleasedOnce() throws Exception {
        List<RawWebSocketClient> clients = new ArrayList<>();
        List<RecordingListener> listeners = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(slowClient());
            listeners.add(listener());
        }
        // Large enough to leave in parts, which moves the indexes of what is sent.
        String text = "for all of you".repeat(600_000);
        ByteBuf shared = frame(text);
        byte[] bytes = ByteBufUtil.getBytes(shared);

        for (RecordingListener listener : listeners) {
            shared.retain();
            listener.transport().executor().execute(() -> {
                listener.transport().write(shared);
                listener.transport().flush();
            });
        }

        for (RawWebSocketClient client : clients) {
            assertThat(client.readMessage().text()).isEqualTo(text);
        }
        eventually().untilAsserted(() -> assertThat(shared.refCnt()).isEqualTo(1));
        assertThat(ByteBufUtil.getBytes(shared)).isEqualTo(bytes);
        shared.release();
    }

    @Test
    void queuedBytesGrowWhileClientDoesNotReadAndFallWhenItDoes() throws Exception {
        RawWebSocketClient client = slowClient();
        RecordingListener listener = listener();
        int frames = MORE_THAN_SOCKETS_HOLD / 65_000;

        writeMuch(listener, frames);

        long queued = queuedBytes(listener);
        assertThat(queued).isGreaterThan(MORE_THAN_SOCKETS_HOLD / 4);
        for (int i = 0; i < frames; i++) {
            assertThat(client.readMessage().payload()).hasSize(65_000);
        }
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void pausedReadingHoldsClientBack() throws Exception {
        RawWebSocketClient client = slowClient();
        RecordingListener listener = listener();
        run(listener, Transport::pauseReading);
        int tooMany = 3 * MORE_THAN_SOCKETS_HOLD / 60_000;
        AtomicLong sent = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();

        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            while (!enough.get() && sent.get() < tooMany) {
                send(client, "m".repeat(60_000));
                sent.incrementAndGet();
            }
        });
        awaitStandstill(sent);

        assertThat(sent.get())
                .as("sent, of which the listener had %d", listener.messages().size())
                .isLessThan(tooMany);
        assertThat(listener.messages()).hasSizeLessThanOrEqualTo(1);

        // Only what the sockets hold now: a connection that was full carries some 2 MB a second for a while.
        enough.set(true);
        run(listener, Transport::resumeReading);

        sender.get(120, TimeUnit.SECONDS);
        eventually()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(listener.messages()).hasSize((int) sent.get()));
    }

    @Test
    void pauseInsideMessageLetsAtMostOneMoreThrough() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        listener.pauseAfterEachMessage();
        byte[] frame = RawWebSocketClient.maskedFrame(0x81, "{}".getBytes(StandardCharsets.UTF_8));
        byte[] many = new byte[frame.length * 5];
        IntStream.range(0, 5).forEach(i -> System.arraycopy(frame, 0, many, i * frame.length, frame.length));

        client.sendBytes(many);

        for (int arrived = 0; arrived < 5; ) {
            int before = arrived;
            eventually().untilAsserted(() -> assertThat(listener.messages()).hasSizeGreaterThan(before));
            stays(listener.messages()::size, listener.messages().size());
            assertThat(listener.messages()).hasSizeBetween(before + 1, before + 2);
            arrived = listener.messages().size();
            run(listener, Transport::resumeReading);
        }

        client.sendText("{}");

        eventually().untilAsserted(() -> assertThat(listener.messages()).hasSize(6));
    }

    @Test
    void closeSendsCodeAndReasonAfterQueuedFrames() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        run(listener, transport -> {
            transport.write(frame("last words"));
            transport.close(Disconnect.SHUTDOWN);
            transport.close(Disconnect.STALE);
        });

        assertThat(client.readMessage().text()).isEqualTo("last words");
        Frame close = client.read();
        assertThat(close.opcode()).isEqualTo(RawWebSocketClient.CLOSE);
        assertThat(close.closeCode()).isEqualTo(3001);
        assertThat(close.closeReason()).isEqualTo("shutdown");
        client.sendClose(3001);
        assertThat(client.ended()).isTrue();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
    }

    @Test
    void slowClientLosesItsQueue() throws Exception {
        RawWebSocketClient client = slowClient();
        RecordingListener listener = listener();
        ByteBuf last = frame("never to be seen");
        int frames = MORE_THAN_SOCKETS_HOLD / 65_000;
        writeMuch(listener, frames);

        run(listener, transport -> {
            transport.write(last);
            transport.close(Disconnect.SLOW);
        });

        assertThat(last.refCnt()).isZero();
        assertThat(queuedBytes(listener)).isLessThan(200_000);
        List<Frame> received = client.readToClose();
        assertThat(received).hasSizeLessThan(frames);
        closeClients();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
    }

    @Test
    void burstThatMakesAClientSlowIsDroppedAndTheClientLearnsTheCode() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        ByteBuf burst = frame("b".repeat(1_000));

        run(listener, transport -> {
            for (int i = 0; i < 1_000; i++) {
                transport.write(burst.retainedSlice());
            }
            transport.close(Disconnect.SLOW);
        });
        burst.release();

        List<Frame> received = client.readToClose();
        assertThat(received).hasSizeLessThan(200);
        Frame close = received.get(received.size() - 1);
        assertThat(close.closeCode()).isEqualTo(3008);
        assertThat(close.closeReason()).isEqualTo("slow");
        eventually().untilAsserted(() -> assertThat(burst.refCnt()).isZero());
    }

    @Test
    void closeOfClientIsAnsweredAndToldOnce() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        client.sendClose(1000);

        assertThat(client.read().closeCode()).isEqualTo(1000);
        assertThat(client.ended()).isTrue();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        stays(listener::closed, 1);
    }

    @Test
    void lostConnectionIsToldOnce() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        client.reset();

        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        stays(listener::closed, 1);
    }

    /** Ignores exceptions of container threads after a socket reset. */
    private static ConditionFactory eventually() {
        return await().dontCatchUncaughtExceptions();
    }

    @Test
    void framesInOneBufferReachTheClientOneByOne() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        String large = "x".repeat(70_000);
        ByteBuf first = frame("first");
        ByteBuf second = frame(large);
        ByteBuf third = frame("y".repeat(200));
        ByteBuf joined = Unpooled.copiedBuffer(first, second, third);
        first.release();
        second.release();
        third.release();

        run(listener, transport -> {
            transport.write(joined);
            transport.flush();
        });

        assertThat(client.readMessage().text()).isEqualTo("first");
        assertThat(client.readMessage().text()).isEqualTo(large);
        assertThat(client.readMessage().text()).isEqualTo("y".repeat(200));
        eventually().untilAsserted(() -> assertThat(joined.refCnt()).isZero());
    }

    @Test
    void connectionLostWithFullQueueReleasesIt() throws Exception {
        RawWebSocketClient client = slowClient();
        RecordingListener listener = listener();
        writeMuch(listener, MORE_THAN_SOCKETS_HOLD / 65_000);

        client.reset();

        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void frameWrittenAfterCloseIsReleased() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        ByteBuf afterClose = frame("too late");
        ByteBuf afterEnd = frame("much too late");

        run(listener, transport -> {
            transport.close(Disconnect.FORCE_DISCONNECT);
            transport.write(afterClose);
            transport.flush();
        });
        assertThat(client.read().closeCode()).isEqualTo(3503);
        client.close();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        run(listener, transport -> {
            transport.write(afterEnd);
            transport.flush();
        });

        assertThat(afterClose.refCnt()).isZero();
        assertThat(afterEnd.refCnt()).isZero();
    }

    @Test
    void messagesArriveInOrderAndComplete() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();
        List<String> messages = IntStream.range(0, 1000)
                .mapToObj(i -> i + "-".repeat(i * 7 % 3000))
                .toList();

        for (String message : messages) {
            client.sendText(message);
        }

        eventually().untilAsserted(() -> assertThat(listener.messages()).hasSize(messages.size()));
        assertThat(listener.messages()).isEqualTo(messages);
        assertThat(listener.callsElsewhere()).isZero();
    }

    @Test
    void binaryMessageArrivesAsItIs() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        client.send(0x82, new byte[] {0, (byte) 0xFF, (byte) 0xFE});

        eventually().untilAsserted(() -> assertThat(listener.messages()).containsExactly("\0\u00FF\u00FE"));
    }

    @Test
    void fragmentedMessageArrivesJoined() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        client.send(RawWebSocketClient.TEXT, "one ".getBytes(StandardCharsets.UTF_8));
        client.send(0x80 | RawWebSocketClient.PING, new byte[] {7});
        client.send(RawWebSocketClient.CONTINUATION, new byte[0]);
        client.send(RawWebSocketClient.CONTINUATION, "two ".getBytes(StandardCharsets.UTF_8));
        client.send(0x80 | RawWebSocketClient.CONTINUATION, "three".getBytes(StandardCharsets.UTF_8));

        Frame pong = client.read();
        assertThat(pong.opcode()).isEqualTo(RawWebSocketClient.PONG);
        assertThat(pong.payload()).containsExactly(7);
        eventually().untilAsserted(() -> assertThat(listener.messages()).containsExactly("one two three"));
    }

    @Test
    void messageOfTheLimitPassesAndOneByteMoreCloses() throws Exception {
        RawWebSocketClient client = client();
        RecordingListener listener = listener();

        client.sendText("a".repeat(65_536));
        eventually().untilAsserted(() -> assertThat(listener.messages()).hasSize(1));
        client.sendText("a".repeat(65_537));

        assertThat(client.read().closeCode()).isEqualTo(1009);
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        assertThat(listener.messages()).containsExactly("a".repeat(65_536));
    }

    /** Opens a connection to the server under test. */
    protected final RawWebSocketClient client() throws IOException {
        return register(RawWebSocketClient.connect(layer(RawWebSocketClient.socket(port, 0)), target()));
    }

    private RawWebSocketClient slowClient() throws IOException {
        return register(RawWebSocketClient.connect(layer(RawWebSocketClient.socket(port, SOCKET_BUFFER)), target()));
    }

    private RawWebSocketClient register(RawWebSocketClient client) {
        clients.add(client);
        return client;
    }

    /** Of the connection opened last. */
    protected final RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    private static void writeMuch(RecordingListener listener, int frames) throws Exception {
        TransportCalls.writeMuch(listener, frame("b".repeat(65_000)), frames);
    }

    /** A text frame on its own memory, with one reference. */
    protected static ByteBuf frame(String text) {
        return WireForm.JSON_WEBSOCKET.frame(message(text), ByteBufAllocator.DEFAULT);
    }

    private static WireWriter message(String text) {
        WireWriter writer = new WireWriter();
        writer.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return writer;
    }

    private static void send(RawWebSocketClient client, String text) {
        try {
            client.sendText(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitStandstill(AtomicLong counter) {
        AtomicLong before = new AtomicLong(-1);
        eventually().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = counter.get();
            return now > 0 && before.getAndSet(now) == now;
        });
    }

    private static void stays(Callable<Integer> value, int expected) {
        eventually()
                .during(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(2))
                .until(value, actual -> actual == expected);
    }
}
