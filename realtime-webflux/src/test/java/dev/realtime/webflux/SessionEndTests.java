package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sessions of a container that blocks the thread that closes them: the executor of the connection continues. */
class SessionEndTests {

    private final CountDownLatch written = new CountDownLatch(1);

    private final CountDownLatch closing = new CountDownLatch(1);

    private final CompletableFuture<Transport> opened = new CompletableFuture<>();

    private final RealtimeWebSocketHandler handler = new RealtimeWebSocketHandler(
            transport -> {
                opened.complete(transport);
                return new Silent();
            },
            WebSocketOptions.DEFAULTS);

    @Test
    void executorGoesOnWhileSpringClosesTheSession() throws Exception {
        handler.handle(session()).doOnTerminate(this::block).subscribe();
        Transport transport = opened.get();

        transport.executor().execute(transport::abort);

        closing.await();
        assertGoesOn(transport);
        written.countDown();
    }

    @Test
    void executorGoesOnWhileTheSessionIsClosedWithACode() throws Exception {
        CompletableFuture<Void> ended = handler.handle(session()).toFuture();
        Transport transport = opened.get();

        transport.executor().execute(() -> transport.close(Disconnect.SHUTDOWN));

        closing.await();
        assertGoesOn(transport);
        written.countDown();
        await().until(ended::isDone);
    }

    private static void assertGoesOn(Transport transport) {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        transport.executor().execute(() -> reached.complete(true));
        await().untilAsserted(() -> assertThat(reached).isCompletedWithValue(true));
    }

    private void block() {
        closing.countDown();
        try {
            written.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WebSocketSession session() {
        HandshakeInfo handshake =
                new HandshakeInfo(URI.create("ws://localhost/"), new HttpHeaders(), Mono.empty(), null);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        return (WebSocketSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocketSession.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "getHandshakeInfo":
                            return handshake;
                        case "bufferFactory":
                            return DefaultDataBufferFactory.sharedInstance;
                        case "isOpen":
                            return true;
                        case "receive":
                            return Mono.fromFuture(closed).thenMany(Flux.empty());
                        case "send":
                            return Flux.from((Publisher<?>) arguments[0]).then();
                        case "close":
                            assertThat(arguments[0]).isInstanceOf(CloseStatus.class);
                            block();
                            closed.complete(null);
                            return Mono.empty();
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private static final class Silent implements TransportListener {

        @Override
        public void onMessage(ByteBuf message) {
            message.release();
        }

        @Override
        public void onClosed() {}
    }
}
