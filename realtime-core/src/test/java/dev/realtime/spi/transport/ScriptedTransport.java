package dev.realtime.spi.transport;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Transport without a socket: keeps what was flushed as messages, and can be made to stop taking bytes. Records how
 * often it was flushed.
 */
public final class ScriptedTransport implements Transport {

    /** A call that a test can make fail. */
    public enum Call {
        DESCRIBE,
        WRITE,
        FLUSH,
        QUEUED_BYTES,
        PAUSE,
        RESUME,
        CLOSE
    }

    private final EventExecutor executor;

    private final WireForm wireForm;

    private final TransportDescription description;

    private final List<byte[]> waiting = new ArrayList<>();

    private final List<byte[]> received = new ArrayList<>();

    private long waitingBytes;

    private boolean stuck;

    private boolean reading = true;

    private int flushes;

    private @Nullable Disconnect closedWith;

    private @Nullable ClientError connectError;

    private Consumer<Call> beforeCall = call -> {};

    public ScriptedTransport(EventExecutor executor, WireForm wireForm, TransportDescription description) {
        this.executor = executor;
        this.wireForm = wireForm;
        this.description = description;
    }

    /** Runs this before each call of the server; it may throw. */
    public void beforeCall(Consumer<Call> action) {
        beforeCall = action;
    }

    /** Makes the client stop or continue to accept bytes. */
    public void stuck(boolean stuck) {
        this.stuck = stuck;
        flush();
    }

    /** What reached the client since the last call, without frame headers. */
    public List<byte[]> takeReceived() {
        List<byte[]> taken = List.copyOf(received);
        received.clear();
        return taken;
    }

    /** How it was closed, {@code null} if it is open. */
    public @Nullable Disconnect closedWith() {
        return closedWith;
    }

    /** Returns why connect failed, {@code null} if that was not noted. */
    public @Nullable ClientError connectError() {
        return connectError;
    }

    /** Returns whether the server reads. */
    public boolean reading() {
        return reading;
    }

    /** Flushes that had something to send. */
    public int flushes() {
        return flushes;
    }

    @Override
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public WireForm wireForm() {
        return wireForm;
    }

    @Override
    public TransportDescription describe() {
        beforeCall.accept(Call.DESCRIBE);
        return description;
    }

    @Override
    public void write(ByteBuf frame) {
        try {
            beforeCall.accept(Call.WRITE);
            if (closedWith != null) {
                return;
            }
            switch (wireForm.framing()) {
                case WEBSOCKET_TEXT, WEBSOCKET_BINARY -> WebSocketFrames.forEachFrame(frame, this::addWebSocketFrame);
                case LINES -> addText(frame, "", "\n");
                case SERVER_SENT_EVENTS -> addText(frame, "data: ", "\n\n");
                case DELIMITED -> add(ByteBufUtil.getBytes(frame));
            }
        } finally {
            frame.release();
        }
    }

    private void addWebSocketFrame(ByteBuf frame) {
        int header = WebSocketFrames.headerLength(frame);
        byte[] message = new byte[frame.readableBytes() - header];
        frame.getBytes(frame.readerIndex() + header, message);
        add(message);
    }

    /** Adds the messages of text frames, which must have this start and end. */
    private void addText(ByteBuf frames, String start, String end) {
        String text = frames.toString(StandardCharsets.UTF_8);
        if (!text.endsWith(end)) {
            throw new AssertionError("not a complete frame: " + text);
        }
        for (String frame : text.substring(0, text.length() - end.length()).split(end, -1)) {
            if (!frame.startsWith(start)) {
                throw new AssertionError("not a frame: " + frame);
            }
            add(frame.substring(start.length()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void add(byte[] message) {
        waiting.add(message);
        waitingBytes += message.length;
    }

    @Override
    public void flush() {
        beforeCall.accept(Call.FLUSH);
        if (!stuck && !waiting.isEmpty()) {
            flushes++;
            received.addAll(waiting);
            waiting.clear();
            waitingBytes = 0;
        }
    }

    @Override
    public long queuedBytes() {
        beforeCall.accept(Call.QUEUED_BYTES);
        return waitingBytes;
    }

    @Override
    public void pauseReading() {
        beforeCall.accept(Call.PAUSE);
        reading = false;
    }

    @Override
    public void resumeReading() {
        beforeCall.accept(Call.RESUME);
        reading = true;
    }

    @Override
    public void connectFailed(ClientError error) {
        connectError = error;
    }

    @Override
    public void close(Disconnect disconnect) {
        beforeCall.accept(Call.CLOSE);
        if (closedWith == null) {
            if (disconnect.dropsQueue()) {
                waiting.clear();
                waitingBytes = 0;
            } else {
                flush();
            }
            closedWith = disconnect;
        }
    }
}
