package dev.realtime.conformance;

import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * An application on the starter whose WebSocket endpoint echoes each message. Server, handshake and
 * transport are those that clients of the protocol meet; only the part behind the transport differs.
 *
 * <p>The encoding of a client decides what its echo is: text for JSON, binary for Protobuf. {@code echo.yml} describes
 * the rest. Not a component, or the scan of {@link ConformanceApplication} would find it.
 */
@EnableAutoConfiguration
@Import({EchoApplication.Reactive.class, EchoApplication.Servlet.class})
class EchoApplication {

    /** Runs until it is stopped, for another run of the cases by hand; {@code --server.port=} says where. */
    public static void main(String[] arguments) {
        start(WebServer.REACTOR_NETTY, arguments);
    }

    static ConfigurableApplicationContext start(WebServer server, String... arguments) {
        return server.application(EchoApplication.class, "echo").run(arguments);
    }

    @ConditionalOnWebApplication(type = Type.REACTIVE)
    static class Reactive {

        /** Event loops of its own: those of the process would end with it, under the servers of other tests. */
        @Bean
        ReactorResourceFactory ownResources() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        }

        @Bean
        RealtimeWebSocketHandler echo(WebSocketOptions options) {
            return new RealtimeWebSocketHandler(Echo::new, options);
        }
    }

    @ConditionalOnWebApplication(type = Type.SERVLET)
    static class Servlet {

        @Bean
        dev.realtime.webmvc.RealtimeWebSocketHandler echo(WebSocketOptions options) {
            return new dev.realtime.webmvc.RealtimeWebSocketHandler(Echo::new, options);
        }
    }

    private record Echo(Transport transport) implements TransportListener {

        @Override
        public void onMessage(ByteBuf frame) {
            byte[] message = new byte[frame.readableBytes()];
            frame.readBytes(message);
            WireWriter echo = new WireWriter(message.length);
            echo.write(message);
            transport.write(transport.wireForm().frame(echo, ByteBufAllocator.DEFAULT));
            transport.flush();
        }

        @Override
        public void onClosed() {}
    }
}
