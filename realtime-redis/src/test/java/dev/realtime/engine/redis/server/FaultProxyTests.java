package dev.realtime.engine.redis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.engine.redis.server.FaultProxy.Direction;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link FaultProxy} does to one connection, seen from both ends. */
class FaultProxyTests {

    private static final int LONG = 10_000;

    private static final int SHORT = 100;

    private ServerSocket listener;

    private FaultProxy proxy;

    private Socket client;

    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        proxy = FaultProxy.toPort(listener.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        server = listener.accept();
        client.setSoTimeout(LONG);
        server.setSoTimeout(LONG);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        proxy.close();
        listener.close();
    }

    @Test
    void bytesPassBothWays() throws IOException {
        send(client, "question");
        assertThat(received(server, 8)).isEqualTo("question");

        send(server, "answer");
        assertThat(received(client, 6)).isEqualTo("answer");
    }

    @Test
    void endOfOneSideReachesTheOther() throws IOException {
        client.shutdownOutput();

        assertThat(server.getInputStream().read()).isEqualTo(-1);
        send(server, "still");
        assertThat(received(client, 5)).isEqualTo("still");
    }

    @Test
    void heldBytesArriveLater() throws IOException {
        proxy.blackHole();
        send(client, "held");
        server.setSoTimeout(SHORT);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> received(server, 1));

        proxy.pass();

        server.setSoTimeout(LONG);
        assertThat(received(server, 4)).isEqualTo("held");
    }

    @Test
    void oneDirectionMayPassWhileTheOtherIsHeld() throws IOException {
        proxy.hold(Direction.TO_CLIENT);

        send(client, "through");
        assertThat(received(server, 7)).isEqualTo("through");

        send(server, "held");
        client.setSoTimeout(SHORT);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> received(client, 1));
    }

    @Test
    void connectionThatLostBytesDoesNotGoOn() throws IOException {
        proxy.swallow(Direction.TO_SERVER);
        send(client, "lost");
        server.setSoTimeout(SHORT);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> received(server, 1));

        proxy.pass();

        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(client, 1));
        assertThat(proxy.connections()).isZero();
    }

    @Test
    void delayedBytesArriveInOrderNotSooner() throws IOException {
        proxy.delay(Direction.TO_SERVER, Duration.ofMillis(200));
        long sent = System.nanoTime();
        send(client, "first ");
        send(client, "second");

        assertThat(received(server, 12)).isEqualTo("first second");
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void resetEndsConnectionsAbruptlyAndDisconnectInOrder() throws IOException {
        proxy.reset();
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(client, 1));

        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        server = listener.accept();
        proxy.disconnect();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(server.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void refusesNewConnectionsOnTheSamePortUntilItPassesAgain() throws IOException {
        proxy.refuse();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close());
        send(client, "goes on");
        assertThat(received(server, 7)).isEqualTo("goes on");

        proxy.pass();

        try (Socket second = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                Socket accepted = listener.accept()) {
            send(second, "new");
            assertThat(received(accepted, 3)).isEqualTo("new");
        }
    }

    @Test
    void deadServerEndsTheClient() throws IOException {
        listener.close();

        try (Socket second = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            second.setSoTimeout(LONG);
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> received(second, 1));
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String received(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
