package dev.realtime.webflux.stream;

import dev.realtime.failure.GuardedExecutors;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.stream.StreamClient;
import dev.realtime.web.stream.StreamHeaders;
import dev.realtime.web.stream.StreamOutput;
import dev.realtime.web.stream.StreamTransport;
import dev.realtime.webflux.NativeRequest;
import io.netty.channel.Channel;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Connector of responses to the node: makes a {@link Transport} of each. On Reactor Netty with HTTP/1 it takes the
 * channel, which costs the least; all other servers are served through the response.
 */
public final class StreamConnector implements AutoCloseable {

    private static final boolean REACTOR_NETTY = ClassUtils.isPresent(
            "reactor.netty.http.server.HttpServerResponse", StreamConnector.class.getClassLoader());

    private static final int OK = 200;

    private final Function<Transport, TransportListener> node;

    /**
     * Executors of connections without an event loop, which no failure ends. Threads start with the first connection.
     */
    private final EventExecutorGroup executors =
            new GuardedExecutors(NettyRuntime.availableProcessors(), new DefaultThreadFactory("realtime-stream", true));

    private final SharedChunks chunks = new SharedChunks();

    /** @param node accepts clients, usually {@code RealtimeNode::accept}; called on the executor of the transport */
    public StreamConnector(Function<Transport, TransportListener> node) {
        this.node = node;
    }

    /** Ends the threads of connections without an event loop. */
    @Override
    public void close() {
        executors.shutdownGracefully();
    }

    /** Opens a stream. */
    Mono<Void> connect(ServerWebExchange exchange, StreamClient client) {
        Connecting connecting = new Connecting(exchange, client);
        return REACTOR_NETTY ? OnReactorNetty.connect(this, connecting) : published(connecting, executors.next(), null);
    }

    /** @param connection closes the connection of the client; {@code null} where the server hides it */
    private Mono<Void> published(Connecting connecting, EventExecutor executor, @Nullable Runnable connection) {
        ServerHttpResponse response = connecting.exchange.getResponse();
        PublishedOutput[] output = new PublishedOutput[1];
        Function<StreamTransport, StreamOutput> factory =
                transport -> output[0] = new PublishedOutput(executor, response.bufferFactory(), transport, connection);
        return connecting.run(
                executor,
                factory,
                (transport, start) -> Mono.defer(() -> {
                    start.run();
                    return response.writeAndFlushWith(output[0]).doFinally(signal -> transport.endedElsewhere());
                }));
    }

    /** Way to begin the response. */
    private interface Beginning {

        /**
         * Begins the response, whose headers are set.
         *
         * @param start gives the transport to the node, if that has not been done; by any thread
         */
        Mono<Void> begin(StreamTransport transport, Runnable start);
    }

    /** One client whose stream is being opened. */
    private final class Connecting {

        private final ServerWebExchange exchange;

        private final StreamClient client;

        Connecting(ServerWebExchange exchange, StreamClient client) {
            this.exchange = exchange;
            this.client = client;
        }

        Mono<Void> run(EventExecutor executor, Function<StreamTransport, StreamOutput> output, Beginning beginning) {
            if (client.isDecidedFirst()) {
                return decideThenBegin(executor, output, beginning);
            }
            StreamTransport transport = new StreamTransport(executor, client, output, null);
            setHeaders();
            return beginning.begin(transport, () -> transport.start(node, client));
        }

        /** The response begins when the connect request is decided. */
        private Mono<Void> decideThenBegin(
                EventExecutor executor, Function<StreamTransport, StreamOutput> output, Beginning beginning) {
            Sinks.One<Integer> decision = Sinks.one();
            StreamTransport transport = new StreamTransport(executor, client, output, new Decision(decision));
            Mono<Integer> status = Mono.defer(() -> {
                transport.start(node, client);
                return decision.asMono().doOnCancel(transport::endedElsewhere);
            });
            return status.flatMap(decided -> {
                if (decided == OK) {
                    setHeaders();
                    return beginning.begin(transport, () -> {});
                }
                exchange.getResponse().setStatusCode(HttpStatusCode.valueOf(decided));
                return exchange.getResponse().setComplete();
            });
        }

        private void setHeaders() {
            ServerHttpResponse response = exchange.getResponse();
            response.setRawStatusCode(OK);
            StreamHeaders.of(
                            client.kind(),
                            client.form(),
                            NativeRequest.of(exchange.getRequest()).httpVersion())
                    .forEach(response.getHeaders()::set);
        }
    }

    /** Status of a response as the outcome of a connect. */
    private record Decision(Sinks.One<Integer> status) implements StreamTransport.Opening {

        @Override
        public void open() {
            status.tryEmitValue(OK);
        }

        @Override
        public void refuse(int status) {
            this.status.tryEmitValue(status);
        }
    }

    /** Keeps the types of Reactor Netty from being loaded where they are missing. */
    private static final class OnReactorNetty {

        static Mono<Void> connect(StreamConnector connector, Connecting connecting) {
            ServerWebExchange exchange = connecting.exchange;
            Channel channel = NettyResponse.channel(exchange.getResponse());
            if (channel == null) {
                return connector.published(connecting, connector.executors.next(), null);
            }
            NettyResponse response = NettyResponse.of(channel, exchange.getRequest(), exchange.getResponse());
            if (response != null) {
                return onChannel(channel, response, connector.chunks, connecting);
            }
            NettyResponse.adapt(exchange.getRequest(), exchange.getResponse());
            return connector.published(connecting, channel.eventLoop(), () -> cut(channel));
        }

        /** Closes the channel with all that is queued; on HTTP/2, the stream. */
        private static void cut(Channel channel) {
            channel.unsafe().close(channel.unsafe().voidPromise());
        }

        private static Mono<Void> onChannel(
                Channel channel, NettyResponse response, SharedChunks chunks, Connecting connecting) {
            ChannelOutput[] output = new ChannelOutput[1];
            return connecting.run(
                    channel.eventLoop(),
                    transport -> output[0] = new ChannelOutput(
                            channel,
                            response.isChunked(),
                            connecting.client.options().writeTimeout(),
                            transport),
                    (transport, start) -> response.begin(output[0], transport, chunks, start)
                            .doOnError(failure -> transport.endedElsewhere())
                            .doOnCancel(transport::endedElsewhere));
        }
    }
}
