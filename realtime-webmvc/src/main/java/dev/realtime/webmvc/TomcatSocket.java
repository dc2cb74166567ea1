package dev.realtime.webmvc;

import dev.realtime.web.MessageCompression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket directly on a socket of Tomcat, below its implementation of Jakarta WebSocket: frames that were encoded for
 * all clients are sent as they are, an idle connection holds no buffers, and a client that is not read is held back by
 * the network.
 *
 * <p>Reading is one step at a time. (1) The executor requests bytes. (2) A thread of Tomcat reads once and hands the
 * bytes over; until the next request the socket is suspended. (3) The executor decodes them while the connection wants
 * messages, and requests again when all are decoded. So no more than one read is ever in memory.
 *
 * <p>Writing never blocks. What a full socket does not take is kept by Tomcat, at most {@link #CHUNK} bytes, until it
 * reports that the socket takes more. All use of the socket is under Tomcat's lock of it, so that it is not closed, and
 * then used for another client, while it is written to.
 *
 * <p>Tomcat makes one for each connection; the constructor is public for it alone.
 */
public final class TomcatSocket implements InternalHttpUpgradeHandler, ClientSocket, ClientFrames.Receiver {

    private static final int CHUNK = 65_536;

    private static final int READ = 8_192;

    private static final int PONG = 0x8A;

    private static final int PING = 0x89;

    private static final int CLOSE = 0x88;

    /** End of the socket after its close frame. */
    private enum Ending {
        /** When the client replies. */
        BY_CLIENT,
        /** Immediately: the client has sent its close frame. */
        IMMEDIATE,
        /** When the client closes its socket; it gets no more frames, and what it sends is dropped. */
        HALF
    }

    /** Whether the executor waits for bytes; of all threads. */
    private final AtomicBoolean requested = new AtomicBoolean();

    private @Nullable ServletTransport transport;

    /** Null if compression was not negotiated. */
    private @Nullable MessageCompression compression;

    private @Nullable ClientFrames frames;

    private @Nullable SocketWrapperBase<?> wrapper;

    private boolean secure;

    // Confined to the executor of the connection:

    /** Bytes that were read and not decoded; null if there are none. */
    private @Nullable ByteBuf unread;

    private boolean waiting;

    /** Whether Tomcat may have read more than it handed over. */
    private boolean more = true;

    private boolean endOfStream;

    private boolean full;

    private long heldBytes;

    private Ending ending = Ending.BY_CLIENT;

    private boolean closeSent;

    private boolean disconnected;

    /** Sets the connection before it is switched over. */
    void connect(ServletTransport transport, @Nullable MessageCompression compression) {
        this.transport = transport;
        this.compression = compression;
        this.frames = new ClientFrames(transport.options().messageSizeLimit(), this, compression);
    }

    private ServletTransport transport() {
        ServletTransport connected = transport;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    private SocketWrapperBase<?> socket() {
        SocketWrapperBase<?> switched = wrapper;
        if (switched == null) {
            throw new IllegalStateException("not switched over");
        }
        return switched;
    }

    @Override
    public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
        this.wrapper = wrapper;
    }

    @Override
    public void setSslSupport(SSLSupport sslSupport) {
        secure = sslSupport != null;
    }

    @Override
    public void init(WebConnection connection) {
        Duration writeTimeout = transport().options().writeTimeout();
        socket().setReadTimeout(-1);
        socket().setWriteTimeout(writeTimeout.isZero() ? -1 : writeTimeout.toMillis());
        transport().begin(this);
    }

    @Override
    public SocketState upgradeDispatch(SocketEvent status) {
        return switch (status) {
            case OPEN_READ -> readOnce();
            case OPEN_WRITE -> {
                transport().execute(this::onWritable);
                yield SocketState.SUSPENDED;
            }
            default -> SocketState.CLOSED; // Tomcat destroys it.
        };
    }

    @Override
    public void destroy() {
        transport().execute(this::onEnded);
    }

    @Override
    public void timeoutAsync(long now) {}

    @Override
    public void pause() {}

    private SocketState readOnce() {
        if (!requested.getAndSet(false)) {
            return SocketState.SUSPENDED;
        }
        ByteBuf bytes = ByteBufAllocator.DEFAULT.heapBuffer(READ);
        boolean ended = false;
        boolean mayHaveMore = true;
        try {
            while (mayHaveMore && bytes.readableBytes() < CHUNK) {
                bytes.ensureWritable(READ);
                int count = socket().read(false, bytes.nioBuffer(bytes.writerIndex(), READ));
                if (count < 0) {
                    ended = true;
                    break;
                }
                bytes.writerIndex(bytes.writerIndex() + count);
                // Records of TLS may be decrypted or undecrypted in memory, of which the network knows nothing.
                mayHaveMore = secure ? count > 0 : count == READ;
            }
        } catch (IOException failure) {
            ended = true;
        } catch (Throwable failure) {
            bytes.release();
            throw failure;
        }
        if (!ended && !bytes.isReadable()) {
            bytes.release();
            requested.set(true);
            return SocketState.UPGRADED;
        }
        boolean end = ended;
        boolean rest = mayHaveMore;
        if (!transport().execute(() -> onBytes(bytes, rest, end))) {
            bytes.release();
            return SocketState.CLOSED;
        }
        return SocketState.SUSPENDED;
    }

    private void onBytes(ByteBuf bytes, boolean mayHaveMore, boolean end) {
        waiting = false;
        more = mayHaveMore;
        endOfStream = end;
        if (disconnected) {
            bytes.release();
            return;
        }
        unread = bytes;
        decode();
    }

    @Override
    public void requestMessages() {
        if (!waiting) {
            transport().execute(this::decode);
        }
    }

    private void decode() {
        while (unread != null && transport().wantsMessages()) {
            if (frames == null || !frames.read(unread)) {
                releaseUnread();
            }
        }
        if (unread != null || disconnected) {
            return;
        }
        if (endOfStream) {
            disconnect();
        } else if (!waiting && transport().wantsMessages()) {
            waiting = true;
            requested.set(true);
            if (more) {
                socket().processSocket(SocketEvent.OPEN_READ, true);
            } else {
                socket().registerReadInterest();
            }
        }
    }

    private void releaseUnread() {
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    @Override
    public void onMessage(ByteBuf message) {
        transport().onMessage(message);
    }

    /**
     * Sends a pong unless the client does not read: the pong to a later ping is one to the earlier ones too (RFC 6455,
     * 5.5.3).
     */
    @Override
    public void onPing(ByteBuf payload) {
        if (!full && !transport().closing()) {
            write(frame(PONG, payload.nioBuffer()));
        }
    }

    @Override
    public void onPong() {
        transport().onPong();
    }

    @Override
    public void onClose(int code) {
        if (closeSent) {
            disconnect();
        } else {
            ending = Ending.IMMEDIATE;
            transport().endByClient(code);
        }
    }

    @Override
    public void onViolation(int code) {
        if (!closeSent) {
            ending = Ending.HALF;
            transport().endByClient(code);
        }
    }

    @Override
    public ByteBuf prepare(ByteBuf frames) {
        return compression == null
                ? frames
                : compression.compress(frames, transport().executor());
    }

    @Override
    public boolean send(FrameQueue queue) {
        if (full || disconnected) {
            return false;
        }
        Lock lock = socket().getLock();
        lock.lock();
        try {
            if (socket().isClosed()) {
                return false;
            }
            do {
                while (!queue.isEmpty() && socket().canWrite()) {
                    ByteBuffer chunk = queue.next(CHUNK);
                    int count = chunk.remaining();
                    socket().write(false, chunk);
                    // What came before has left, but for what fits into a buffer of 8 KiB.
                    heldBytes = count;
                    queue.take(count);
                }
                flush();
            } while (!full && !queue.isEmpty());
            return !full;
        } catch (IOException failure) {
            transport().execute(this::disconnect);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Writes a control frame between frames of the queue. */
    private void write(ByteBuffer frame) {
        if (disconnected) {
            return;
        }
        Lock lock = socket().getLock();
        lock.lock();
        try {
            if (!socket().isClosed()) {
                heldBytes += frame.remaining();
                socket().write(false, frame);
                flush();
            }
        } catch (IOException failure) {
            transport().execute(this::disconnect);
        } finally {
            lock.unlock();
        }
    }

    private void flush() throws IOException {
        full = socket().flush(false);
        if (full) {
            socket().registerWriteInterest();
        } else {
            heldBytes = 0;
        }
    }

    private void onWritable() {
        full = false;
        transport().drain();
        if (closeSent && !full) {
            onCloseSent();
        }
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public void ping(FrameQueue queue) {
        if (!full && !queue.isInsideBuffer()) {
            write(frame(PING, ByteBuffer.wrap(new byte[] {'p'})));
        }
    }

    @Override
    public void close(int code, String reason) {
        ByteBuffer payload = ByteBuffer.allocate(125);
        if (code >= 0) {
            byte[] text = reason.getBytes(StandardCharsets.UTF_8);
            payload.putShort((short) code).put(text, 0, Math.min(text.length, 123));
        }
        closeSent = true;
        write(frame(CLOSE, payload.flip()));
        if (!full) {
            onCloseSent();
        }
    }

    private void onCloseSent() {
        switch (ending) {
            case IMMEDIATE -> disconnect();
            case HALF -> endOutput();
            case BY_CLIENT -> {}
        }
    }

    /**
     * Ends the stream to the client without closing the socket: closing it with unread bytes of the client in it would
     * send a reset, which may overtake the close frame.
     */
    private void endOutput() {
        if (!disconnected
                && socket().getSocket() instanceof NioChannel channel
                && !(channel instanceof SecureNioChannel)) {
            try {
                channel.getIOChannel().shutdownOutput();
            } catch (IOException failure) {
                disconnect();
            }
        }
    }

    @Override
    public void disconnect() {
        if (!disconnected) {
            Lock lock = socket().getLock();
            lock.lock();
            try {
                socket().close();
            } finally {
                lock.unlock();
            }
        }
        onEnded();
    }

    private void onEnded() {
        if (!disconnected) {
            disconnected = true;
            heldBytes = 0;
            releaseUnread();
            if (frames != null) {
                frames.release();
            }
            transport().ended();
        }
    }

    private static ByteBuffer frame(int firstByte, ByteBuffer payload) {
        return ByteBuffer.allocate(2 + payload.remaining())
                .put((byte) firstByte)
                .put((byte) payload.remaining())
                .put(payload)
                .flip();
    }
}
