package dev.realtime.spi.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebSocket client on a bare socket that shows and sends every byte as it is: nothing is answered, checked or joined
 * unless a test does it. Blocking; reads fail after ten seconds.
 */
public final class RawWebSocketClient implements AutoCloseable {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /**
     * A frame as received.
     *
     * @param firstByte with the final bit, reserved bits and the opcode
     */
    public record Frame(int firstByte, byte[] payload) {

        public int opcode() {
            return firstByte & 0x0F;
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Of a close frame; 1005 if it has none. */
        public int closeCode() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }

        /** Of a close frame. */
        public String closeReason() {
            return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;

    private final DataInputStream in;

    private final OutputStream out;

    private RawWebSocketClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Opens a connection and completes the handshake. */
    public static RawWebSocketClient connect(int port, String target, String... headers) throws IOException {
        return connect(socket(port, 0), target, headers);
    }

    /** Completes the handshake on a connected socket. */
    public static RawWebSocketClient connect(Socket socket, String target, String... headers) throws IOException {
        RawWebSocketClient client = new RawWebSocketClient(socket);
        List<String> lines = new ArrayList<>(List.of(
                "GET " + target + " HTTP/1.1",
                "Host: localhost:" + socket.getPort(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        lines.addAll(List.of(headers));
        List<String> response = client.exchange(lines);
        if (!response.get(0).startsWith("HTTP/1.1 101")) {
            throw new IOException("Not upgraded: " + response);
        }
        return client;
    }

    /**
     * Connects to a server of this machine.
     *
     * @param bufferBytes of the socket in both directions, for clients that are to be slow; zero for what is usual
     */
    public static Socket socket(int port, int bufferBytes) throws IOException {
        Socket socket = new Socket();
        if (bufferBytes > 0) {
            socket.setReceiveBufferSize(bufferBytes);
            socket.setSendBufferSize(bufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        socket.connect(new InetSocketAddress("localhost", port));
        return socket;
    }

    /** Sends the head of a request and returns the lines of the head of the answer. */
    public static List<String> request(int port, List<String> head) throws IOException {
        try (RawWebSocketClient client = new RawWebSocketClient(socket(port, 0))) {
            return client.exchange(head);
        }
    }

    /** Sends the head of a request, and more in the same segment; {@link #readHead()} reads the answer. */
    public static RawWebSocketClient send(int port, List<String> head, byte[] more) throws IOException {
        RawWebSocketClient client = new RawWebSocketClient(socket(port, 0));
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        together.writeBytes(bytes(head));
        together.writeBytes(more);
        client.sendBytes(together.toByteArray());
        return client;
    }

    private static byte[] bytes(List<String> head) {
        return (String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<String> exchange(List<String> head) throws IOException {
        sendBytes(bytes(head));
        return readHead();
    }

    /** The lines of the head of an answer. */
    public List<String> readHead() throws IOException {
        List<String> answer = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            answer.add(line);
        }
        return answer;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Lets reads wait as long as nothing arrives, for a client that listens until the end of the test. */
    public void waitForever() throws IOException {
        socket.setSoTimeout(0);
    }

    /** Sends a complete masked text frame. */
    public void sendText(String text) throws IOException {
        send(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a masked frame with this first byte. */
    public void send(int firstByte, byte[] payload) throws IOException {
        sendBytes(maskedFrame(firstByte, payload));
    }

    /** Sends a masked close frame. */
    public void sendClose(int code) throws IOException {
        send(0x80 | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** Sends bytes as they are. */
    public void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** A frame as a client sends it, masked with a fixed key. */
    public static byte[] maskedFrame(int firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) firstByte);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] key = {0x11, 0x22, 0x33, 0x44};
        frame.put(key);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ key[i & 3]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** The next frame. */
    public Frame read() throws IOException {
        int firstByte = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame(firstByte, readBytes((int) length));
    }

    /** The next message, its fragments joined; control frames between them are skipped. */
    public Frame readMessage() throws IOException {
        Frame first = read();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        Frame last = first;
        payload.write(first.payload());
        while ((last.firstByte() & 0x80) == 0) {
            Frame next = read();
            if (next.opcode() == CONTINUATION) {
                payload.write(next.payload());
                last = next;
            }
        }
        return new Frame(0x80 | first.firstByte(), payload.toByteArray());
    }

    /** The next bytes as they are. */
    public byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    /** Returns whether the server ends the connection and sends nothing before; waits for it. */
    public boolean ended() throws IOException {
        try {
            return in.read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Returns whether the server has ended the connection; if it sends something instead, that is an error. */
    public boolean hasEnded() throws IOException {
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            int next = in.read();
            if (next != -1) {
                throw new IOException("The server sent " + next);
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } finally {
            socket.setSoTimeout(timeout);
        }
    }

    /** All frames to the close frame or the end of the stream; a frame cut short does not count. */
    public List<Frame> readToClose() throws IOException {
        List<Frame> frames = new ArrayList<>();
        try {
            do {
                frames.add(read());
            } while (frames.get(frames.size() - 1).opcode() != CLOSE);
        } catch (EOFException end) {
            return frames;
        }
        return frames;
    }

    /** All frames to the end of the stream, however it ends; a frame cut short does not count. */
    public List<Frame> readToEnd() throws IOException {
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(read());
            }
        } catch (EOFException | SocketException end) {
            return frames;
        }
    }

    /** Says that nothing more will be sent; what the server sends can still be read. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Drops the connection with a reset, as a crash or a lost network does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
