package dev.realtime.autoconfigure.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Client of the warm-up: a blocking socket that counts the frames it gets. Used by one thread; any may close it. */
final class PlayedClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 5_000;

    private static final int BUFFER_BYTES = 4_096;

    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket = new Socket();

    private final byte[] buffer = new byte[BUFFER_BYTES];

    private int read;

    private int filled;

    /** Connects and sends the handshake, without waiting for the reply. */
    void open(InetSocketAddress server, byte[] handshake) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        // Its port is free again immediately, however many clients there are.
        socket.setSoLinger(true, 0);
        socket.connect(server, TIMEOUT_MILLIS);
        send(handshake);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Waits for the reply to the handshake. */
    void awaitOpen() throws IOException {
        byte[] status = new byte["HTTP/1.1 101".length()];
        for (int i = 0; i < status.length; i++) {
            status[i] = (byte) next();
        }
        if (!new String(status, StandardCharsets.US_ASCII).endsWith("101")) {
            throw new IOException("The handshake of the warm-up was refused.");
        }
        int matched = 0;
        while (matched < END_OF_HEADERS.length) {
            byte next = (byte) next();
            matched = next == END_OF_HEADERS[matched] ? matched + 1 : next == END_OF_HEADERS[0] ? 1 : 0;
        }
    }

    /** Waits for a number of frames. */
    void awaitFrames(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
            int length = next() & 0x7f;
            if (length == 126) {
                length = next() << 8 | next();
            } else if (length == 127) {
                throw new IOException("A frame of the warm-up is longer than any that it causes.");
            }
            skip(length);
        }
    }

    /** Waits for the server to close the connection. */
    void awaitEnd() throws IOException {
        try {
            while (true) {
                next();
            }
        } catch (EOFException end) {
            close();
        }
    }

    private void skip(int count) throws IOException {
        int left = count;
        while (left > 0) {
            if (read == filled) {
                fill();
            }
            int some = Math.min(left, filled - read);
            read += some;
            left -= some;
        }
    }

    private int next() throws IOException {
        if (read == filled) {
            fill();
        }
        return buffer[read++] & 0xff;
    }

    private void fill() throws IOException {
        InputStream in = socket.getInputStream();
        int count = in.read(buffer);
        if (count < 0) {
            throw new EOFException("The connection of the warm-up was closed.");
        }
        read = 0;
        filled = count;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
