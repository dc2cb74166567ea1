package dev.realtime.spi.transport;

import static dev.realtime.spi.transport.TransportCalls.queuedBytes;
import static dev.realtime.spi.transport.TransportCalls.run;
import static dev.realtime.spi.transport.TransportCalls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every {@link Transport} over an HTTP response must do, tried over real sockets on a real server. */
@ExtendWith(BufferLeaks.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StreamTransportContract {

    private static final String TARGET = "/connection/http_stream";

    private static final String INPUT = "{\"id\":1,\"connect\":{}}";

    /** Of slow clients, so that the system does not enlarge them. */
    private static final int SOCKET_BUFFER = 256 * 1024;

    /** More than the socket buffers of both sides hold then. */
    private static final int MORE_THAN_SOCKETS_HOLD = 16 * 1024 * 1024;

    private static final int LARGE_FRAMES = MORE_THAN_SOCKETS_HOLD / 65_000;

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private final List<RawHttpClient> clients = new ArrayList<>();

    private int port;

    /**
     * Starts a server once for all tests, with the endpoint of HTTP streams at {@code /connection/http_stream} and
     * without a write timeout.
     *
     * @param node to be asked for each connection
     * @return its port
     */
    protected abstract int start(Function<Transport, TransportListener> node) throws Exception;

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
        for (RawHttpClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    void bodyOfTheRequestIsTheFirstMessage() throws Exception {
        client();
        RecordingListener listener = listener();

        eventually().untilAsserted(() -> assertThat(listener.messages()).containsExactly(INPUT));
        assertThat(listener.callsElsewhere()).isZero();
        assertThat(listener.transport().wireForm()).isEqualTo(WireForm.JSON_LINES);
        assertThat(listener.transport().describe().name()).isEqualTo("http_stream");
    }

    @Test
    void writtenFrameReachesClientByteForByte() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();
        ByteBuf frame = frame("x".repeat(200));
        byte[] bytes = ByteBufUtil.getBytes(frame);

        write(listener, frame);

        client.readHead();
        assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
        eventually().untilAsserted(() -> assertThat(frame.refCnt()).isZero());
    }

    @Test
    void framesOfOneFlushArriveInOrder() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();
        String large = "y".repeat(70_000);

        run(listener, transport -> {
            transport.write(frame("first"));
            transport.write(frame(large));
            transport.write(frame("third"));
            transport.flush();
        });

        client.readHead();
        assertThat(client.readLine()).isEqualTo("first");
        assertThat(client.readLine()).isEqualTo(large);
        assertThat(client.readLine()).isEqualTo("third");
    }

    @Test
    void nothingIsLostOfTenThousandFrames() throws Exception {
        RawHttpClient client = client();
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

        client.readHead();
        for (int i = 0; i < 10_000; i++) {
            assertThat(client.readLine()).isEqualTo("frame " + i);
        }
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void sharedFrameReachesAllClientsIntactAndIsReleasedOnce() throws Exception {
        List<RawHttpClient> all = new ArrayList<>();
        List<RecordingListener> listeners = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(slowClient());
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

        for (RawHttpClient client : all) {
            client.readHead();
            assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
        }
        eventually().untilAsserted(() -> assertThat(shared.refCnt()).isEqualTo(1));
        assertThat(ByteBufUtil.getBytes(shared)).isEqualTo(bytes);
        shared.release();
    }

    @Test
    void framesInOneBufferReachTheClient() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();
        ByteBuf first = frame("first");
        ByteBuf second = frame("second");
        ByteBuf joined = Unpooled.copiedBuffer(first, second);
        first.release();
        second.release();

        write(listener, joined);

        client.readHead();
        assertThat(client.readLine()).isEqualTo("first");
        assertThat(client.readLine()).isEqualTo("second");
        eventually().untilAsserted(() -> assertThat(joined.refCnt()).isZero());
    }

    @Test
    void queuedBytesGrowWhileClientDoesNotReadAndFallWhenItDoes() throws Exception {
        RawHttpClient client = slowClient();
        RecordingListener listener = listener();

        writeMuch(listener, LARGE_FRAMES);

        assertThat(queuedBytes(listener)).isGreaterThan(MORE_THAN_SOCKETS_HOLD / 4);
        client.readHead();
        for (int i = 0; i < LARGE_FRAMES; i++) {
            assertThat(client.readLine()).hasSize(65_000);
        }
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void closeSendsDisconnectPushAfterQueuedFramesAndEndsTheResponse() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();

        run(listener, transport -> {
            transport.write(frame("last words"));
            transport.close(Disconnect.SHUTDOWN);
            transport.close(Disconnect.STALE);
        });

        client.readHead();
        assertThat(client.readLine()).isEqualTo("last words");
        assertThat(client.readLine()).isEqualTo("{\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}}");
        assertThat(client.readToEnd()).isEmpty();
        client.close();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
    }

    @Test
    void slowClientLosesItsQueue() throws Exception {
        RawHttpClient client = slowClient();
        RecordingListener listener = listener();
        ByteBuf last = frame("never to be seen");
        writeMuch(listener, LARGE_FRAMES);

        run(listener, transport -> {
            transport.write(last);
            transport.close(Disconnect.SLOW);
        });

        assertThat(last.refCnt()).isZero();
        assertThat(queuedBytes(listener)).isLessThan(300_000);
        client.readHead();
        assertThat(lines(client)).hasSizeLessThan(LARGE_FRAMES);
        client.close();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
    }

    @Test
    void burstThatMakesAClientSlowIsDroppedAndTheClientLearnsTheCode() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();
        ByteBuf burst = frame("b".repeat(1_000));

        run(listener, transport -> {
            for (int i = 0; i < 1_000; i++) {
                transport.write(burst.retainedSlice());
            }
            transport.close(Disconnect.SLOW);
        });
        burst.release();

        client.readHead();
        List<String> received = lines(client);
        assertThat(received).hasSizeLessThan(200);
        assertThat(received.get(received.size() - 1)).contains("\"code\":3008,\"reason\":\"slow\"");
        eventually().untilAsserted(() -> assertThat(burst.refCnt()).isZero());
    }

    @Test
    void lostConnectionIsNotifiedOnce() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();
        write(listener, frame("hello"));
        client.readHead();
        assertThat(client.readLine()).isEqualTo("hello");

        client.reset();

        // Servers of servlets notice it when they write.
        eventually().pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            write(listener, frame("ping"));
            assertThat(listener.closed()).isEqualTo(1);
        });
        write(listener, frame("ping"));
        assertThat(listener.closed()).isEqualTo(1);
        assertThat(listener.callsElsewhere()).isZero();
    }

    @Test
    void connectionLostWithFullQueueReleasesIt() throws Exception {
        RawHttpClient client = slowClient();
        RecordingListener listener = listener();
        writeMuch(listener, LARGE_FRAMES);

        client.reset();

        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void frameWrittenAfterCloseIsReleased() throws Exception {
        RawHttpClient client = client();
        RecordingListener listener = listener();
        ByteBuf afterClose = frame("too late");
        ByteBuf afterEnd = frame("much too late");

        run(listener, transport -> {
            transport.close(Disconnect.FORCE_DISCONNECT);
            transport.write(afterClose);
            transport.flush();
        });
        client.readHead();
        assertThat(lines(client)).singleElement().asString().contains("\"code\":3503");
        client.close();
        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        write(listener, afterEnd);

        assertThat(afterClose.refCnt()).isZero();
        assertThat(afterEnd.refCnt()).isZero();
    }

    @Test
    void clientThatDoesNotReadTheEndIsNotifiedAsClosedAfterFiveSeconds() throws Exception {
        slowClient();
        RecordingListener listener = listener();
        writeMuch(listener, LARGE_FRAMES);
        long begin = System.nanoTime();

        run(listener, transport -> transport.close(Disconnect.SHUTDOWN));

        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(4));
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    @Test
    void abortReleasesEverything() throws Exception {
        slowClient();
        RecordingListener listener = listener();
        writeMuch(listener, LARGE_FRAMES);

        run(listener, Transport::abort);

        eventually().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        eventually().untilAsserted(() -> assertThat(queuedBytes(listener)).isZero());
    }

    /** Ignores exceptions of container threads after a socket reset. */
    protected static ConditionFactory eventually() {
        return await().dontCatchUncaughtExceptions();
    }

    /** Opens a stream of the server under test. */
    protected final RawHttpClient client() throws IOException {
        return open(0);
    }

    private RawHttpClient slowClient() throws IOException {
        return open(SOCKET_BUFFER);
    }

    private RawHttpClient open(int bufferBytes) throws IOException {
        RawHttpClient client = RawHttpClient.on(layer(RawWebSocketClient.socket(port, bufferBytes)));
        clients.add(client);
        return client.send("POST", TARGET, INPUT);
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

    /** A frame on its own memory, with one reference. */
    protected static ByteBuf frame(String text) {
        WireWriter message = new WireWriter();
        message.write(text.getBytes(StandardCharsets.UTF_8));
        return WireForm.JSON_LINES.frame(message, ByteBufAllocator.DEFAULT);
    }

    /** All lines to the end of the response; a line cut short by the end of the connection does not count. */
    private static List<String> lines(RawHttpClient client) throws IOException {
        List<String> lines = new ArrayList<>();
        try {
            while (true) {
                lines.add(client.readLine());
            }
        } catch (EOFException end) {
            return lines;
        }
    }
}
