package dev.realtime.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSend;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClientBuilder;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Header;

/** What a client sends beside calls: headers of its handshake, and messages without a reply. */
@SpringBootTest(classes = HeadersAndMessagesTests.Application.class, webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class HeadersAndMessagesTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DeviceHandlers.class)
    static class Application {}

    @RealtimeHandler
    static class DeviceHandlers {

        record Position(int x, int y) {}

        private final BlockingQueue<Position> positions = new LinkedBlockingQueue<>();

        @OnConnect
        String connect(ConnectContext context) {
            return context.emulatedHeaders().getOrDefault("X-User", "nobody");
        }

        @OnRpc
        String whoAmI(ClientIdentity client) {
            return client.userId();
        }

        @OnRpc
        String device(@Header("X-Device") String device) {
            return device;
        }

        @OnSend
        void moved(Position position) {
            positions.add(position);
        }
    }

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private DeviceHandlers handlers;

    private RealtimeTestClientBuilder client(boolean protobuf) {
        return protobuf ? clients.client().protobuf() : clients.client();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void headersReachHandlers(boolean protobuf) {
        RealtimeTestClient ann = client(protobuf)
                .header("X-Device", "phone")
                .emulatedHeader("X-User", "ann")
                .connect();

        assertThat(ann.rpc("device").data(String.class)).isEqualTo("phone");
        assertThat(ann.rpc("whoAmI").data(String.class)).isEqualTo("ann");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messageReachesItsHandler(boolean protobuf) throws InterruptedException {
        client(protobuf).connect().send(new DeviceHandlers.Position(1, 2));

        assertThat(handlers.positions.poll(10, TimeUnit.SECONDS)).isEqualTo(new DeviceHandlers.Position(1, 2));
    }
}
