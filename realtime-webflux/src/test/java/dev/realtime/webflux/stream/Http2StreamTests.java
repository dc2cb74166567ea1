package dev.realtime.webflux.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.Transport;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Streams of HTTP/2, of which a connection may have several. */
@ExtendWith(BufferLeaks.class)
class Http2StreamTests {

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private StreamServer server;

    @BeforeEach
    void start() {
        server = StreamServer.start(
                transport -> {
                    RecordingListener listener = new RecordingListener(transport);
                    accepted.add(listener);
                    return listener;
                },
                http -> http.protocol(HttpProtocol.H2C));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void framesArriveAndThePushEndsTheStream() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        AtomicReference<String> head = new AtomicReference<>();
        Mono<Void> ended = stream(head).doOnNext(received::add).then().cache();
        Disposable client = ended.subscribe();
        RecordingListener listener = listener();

        write(listener.transport(), "one\n");
        await().untilAsserted(() -> assertThat(String.join("", received)).isEqualTo("one\n"));
        run(listener.transport(), () -> listener.transport().close(Disconnect.SHUTDOWN));

        ended.block(Duration.ofSeconds(10));
        assertThat(String.join("", received))
                .isEqualTo("one\n{\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}}\n");
        assertThat(head.get()).isEqualTo("200 null");
        await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        assertThat(listener.callsElsewhere()).isZero();
        client.dispose();
    }

    @Test
    void clientThatResetsItsStreamHasGone() throws Exception {
        Disposable client = stream(new AtomicReference<>()).subscribe();
        RecordingListener listener = listener();
        write(listener.transport(), "one\n");

        client.dispose();

        await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
    }

    /** Sends a request and returns the parts of the response. */
    private Flux<String> stream(AtomicReference<String> head) {
        return HttpClient.newConnection()
                .protocol(HttpProtocol.H2C)
                .port(server.port())
                .post()
                .uri("/connection/http_stream")
                .send(Mono.just(Unpooled.copiedBuffer("{}", StandardCharsets.US_ASCII)))
                .response((response, content) -> {
                    head.set(response.status().code() + " "
                            + response.responseHeaders().get("Connection"));
                    return content.asString();
                });
    }

    private RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    private static void write(Transport transport, String text) throws Exception {
        run(transport, () -> {
            transport.write(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            transport.flush();
        });
    }

    private static void run(Transport transport, Runnable action) throws Exception {
        transport.executor().submit(action).get(10, TimeUnit.SECONDS);
    }
}
