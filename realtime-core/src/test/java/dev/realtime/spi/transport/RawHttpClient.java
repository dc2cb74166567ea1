package dev.realtime.spi.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * HTTP client on a bare socket that reads a response while it arrives and shows its bytes as they are, without the
 * frames of chunks. Blocking; reads fail after ten seconds.
 */
public final class RawHttpClient implements AutoCloseable {

    private final Socket socket;

    private final DataInputStream in;

    private final OutputStream out;

    private List<String> head = List.of();

    private boolean chunked;

    /** Bytes of the current chunk that have not been read. */
    private int left;

    private int chunks;

    private boolean ended;

    private RawHttpClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** Opens a connection to a server of this machine. */
    public static RawHttpClient open(int port) throws IOException {
        return on(RawWebSocketClient.socket(port, 0));
    }

    /** Uses a connected socket. */
    public static RawHttpClient on(Socket socket) throws IOException {
        return new RawHttpClient(socket);
    }

    /** Sends a request with the usual headers, and a body if it is not empty; does not wait for the response. */
    public RawHttpClient send(String method, String target, String body, String... headers) throws IOException {
        return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Sends a request with the usual headers, and a body if it is not empty; does not wait for the response. */
    public RawHttpClient send(String method, String target, byte[] body, String... headers) throws IOException {
        List<String> lines =
                new ArrayList<>(List.of(method + " " + target + " HTTP/1.1", "Host: localhost:" + socket.getPort()));
        lines.addAll(List.of(headers));
        if (body.length > 0 || method.equals("POST")) {
            lines.add("Content-Length: " + body.length);
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        return sendBytes(request.toByteArray());
    }

    /** Sends bytes as they are. */
    public RawHttpClient sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Ends what this side sends; it still reads. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads the head of the response and returns its status. */
    public int readHead() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = readHeadLine(); !line.isEmpty(); line = readHeadLine()) {
            lines.add(line);
        }
        head = lines;
        chunked = header("Transfer-Encoding").equalsIgnoreCase("chunked");
        left = 0;
        chunks = 0;
        ended = false;
        return Integer.parseInt(lines.get(0).split(" ")[1]);
    }

    /** Returns the lines of the head that was read last. */
    public List<String> head() {
        return head;
    }

    /** Returns the value of a header; empty if the response does not have it. */
    public String header(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ':';
        return head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).trim())
                .findFirst()
                .orElse("");
    }

    /** Reads the body of a response that has a length. */
    public String readAll() throws IOException {
        String length = header("Content-Length");
        if (length.isEmpty()) {
            return new String(readToEnd(), StandardCharsets.UTF_8);
        }
        byte[] body = new byte[Integer.parseInt(length)];
        in.readFully(body);
        return new String(body, StandardCharsets.UTF_8);
    }

    private String readHeadLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Returns the next byte of the body, or -1 at the end of a complete response. */
    public int read() throws IOException {
        if (!chunked) {
            return in.read();
        }
        if (ended) {
            return -1;
        }
        if (left == 0) {
            // Some servers send the line end of a chunk with the next one.
            String size = readHeadLine();
            left = Integer.parseInt(size.isEmpty() && chunks > 0 ? readHeadLine() : size, 16);
            chunks++;
            if (left == 0) {
                ended = true;
                readHeadLine();
                return -1;
            }
        }
        int next = in.readUnsignedByte();
        left--;
        return next;
    }

    /** Returns the next bytes of the body. */
    public byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count; ) {
            if (!chunked) {
                in.readFully(bytes);
                return bytes;
            }
            int next = read();
            if (next < 0) {
                throw new EOFException("The response ended.");
            }
            bytes[at++] = (byte) next;
            int more = Math.min(left, count - at);
            if (more > 0) {
                in.readFully(bytes, at, more);
                left -= more;
                at += more;
            }
        }
        return bytes;
    }

    /** Returns the next line of the body without its line feed. */
    public String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = read(); next != '\n'; next = read()) {
            if (next < 0) {
                throw new EOFException("The response ended after: " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Returns the rest of the body of a response that ends as it should. */
    public byte[] readToEnd() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int next = read(); next >= 0; next = read()) {
            rest.write(next);
        }
        return rest.toByteArray();
    }

    /** Returns whether the server closes the connection and sends nothing before; waits for it. */
    public boolean closed() throws IOException {
        try {
            return in.read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Reads and drops everything until the connection ends in any way. */
    public long skipToEndOfConnection() throws IOException {
        byte[] buffer = new byte[65_536];
        long bytes = 0;
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes += count;
            }
        } catch (SocketException reset) {
            return bytes;
        }
        return bytes;
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
