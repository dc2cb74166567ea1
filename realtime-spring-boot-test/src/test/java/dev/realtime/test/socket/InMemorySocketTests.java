package dev.realtime.test.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemorySocketTests {

    private final EventExecutor loop = new DefaultEventExecutor();

    private final List<String> read = new CopyOnWriteArrayList<>();

    private Transport transport;

    @AfterEach
    void stop() {
        loop.shutdownGracefully();
    }

    @Test
    void framesThatTheServerDidNotReadComeBeforeThoseSentLater() throws Exception {
        InMemorySocket socket = InMemorySocket.open(
                loop,
                WireForm.JSON_WEBSOCKET,
                new TransportDescription("websocket", TransportCapabilities.WEBSOCKET, null, Map.of(), "/", ""),
                mock(SocketListener.class),
                opened -> {
                    transport = opened;
                    return listener();
                });
        loop.submit(() -> transport.pauseReading()).get();
        socket.send(bytes("first"));

        loop.submit(() -> {
                    // Both are queued behind this task, the frame before what resumes.
                    socket.send(bytes("second"));
                    transport.resumeReading();
                })
                .get();
        loop.submit(() -> {}).get();
        loop.submit(() -> {}).get();

        assertThat(read).containsExactly("first", "second");
    }

    private TransportListener listener() {
        return new TransportListener() {
            @Override
            public void onMessage(ByteBuf frame) {
                read.add(frame.toString(StandardCharsets.UTF_8));
            }

            @Override
            public void onClosed() {}
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
