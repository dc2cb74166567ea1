package dev.realtime.engine.redis.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bare blocking connection to one Redis server, without any of the cleverness of a driver: no reconnecting, no
 * redirects, no retries. Tests ask it for the truth. Speaks RESP2; replies are {@code String}, {@code Long},
 * {@code List} or {@code null}. For one thread at a time.
 */
public final class RespConnection implements AutoCloseable {

    private final Socket socket;

    private final InputStream input;

    private final OutputStream output;

    private RespConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
        this.output = socket.getOutputStream();
    }

    /**
     * Connects and logs in.
     *
     * @param tls of the server; {@code null} for plain TCP
     * @param username {@code null} for the default user
     * @param password {@code null} to stay without
     * @param timeout of connecting, and of each later read; longer waits are an {@link UncheckedIOException}
     */
    public static RespConnection open(
            String host,
            int port,
            @Nullable RedisTls tls,
            @Nullable String username,
            @Nullable String password,
            Duration timeout) {
        try {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
                socket.setSoTimeout((int) timeout.toMillis());
                socket.setTcpNoDelay(true);
                if (tls != null) {
                    socket = tls.clientContext().getSocketFactory().createSocket(socket, host, port, true);
                }
                RespConnection connection = new RespConnection(socket);
                if (password != null) {
                    connection.command("AUTH", username == null ? "default" : username, password);
                }
                return connection;
            } catch (IOException | RuntimeException unusable) {
                socket.close();
                throw unusable;
            }
        } catch (IOException unreachable) {
            throw new UncheckedIOException(host + ":" + port + " cannot be used: " + unreachable, unreachable);
        }
    }

    /** Sends a command and reads one reply; an error reply is thrown as {@link RedisErrorReply}. */
    public @Nullable Object command(String... words) {
        send(words);
        return read();
    }

    /** The same, for replies that are never null, as text. */
    public String text(String... words) {
        return String.valueOf(command(words));
    }

    /** Sends a command and does not wait for its reply. */
    public void send(String... words) {
        try {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            for (String word : words) {
                byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
                request.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                request.writeBytes(bytes);
                request.writeBytes(new byte[] {'\r', '\n'});
            }
            output.write(request.toByteArray());
            output.flush();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** The next reply, or message of a subscribed channel. */
    public @Nullable Object read() {
        try {
            Object reply = readReply();
            if (reply instanceof RedisErrorReply error) {
                throw error;
            }
            return reply;
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    private @Nullable Object readReply() throws IOException {
        int type = input.read();
        String line = readLine();
        switch (type) {
            case '+':
                return line;
            case '-':
                return new RedisErrorReply(line);
            case ':':
                return Long.parseLong(line);
            case '$':
                return readBulk(Integer.parseInt(line));
            case '*':
                return readArray(Integer.parseInt(line));
            default:
                throw type < 0
                        ? new EOFException("Redis closed the connection")
                        : new IOException("Not RESP2: " + (char) type + line);
        }
    }

    private @Nullable String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = input.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("Redis closed the connection within a reply");
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> readArray(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int element = 0; element < length; element++) {
            elements.add(readReply());
        }
        return elements;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = input.read(); octet >= 0 && octet != '\n'; octet = input.read()) {
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException closedAnyway) {
            throw new UncheckedIOException(closedAnyway);
        }
    }
}
