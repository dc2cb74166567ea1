package dev.realtime.webmvc.stream;

import dev.realtime.failure.GuardedExecutors;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.stream.StreamClient;
import dev.realtime.web.stream.StreamHeaders;
import dev.realtime.web.stream.StreamTransport;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Function;

/** Connector of responses to the node: makes a {@link Transport} of each. */
public final class StreamConnector implements AutoCloseable {

    private final Function<Transport, TransportListener> node;

    /** Executors of the connections, which no failure ends. Threads start with the first connection. */
    private final EventExecutorGroup executors =
            new GuardedExecutors(NettyRuntime.availableProcessors(), new DefaultThreadFactory("realtime-stream", true));

    /** @param node accepts clients, usually {@code RealtimeNode::accept}; called on the executor of the transport */
    public StreamConnector(Function<Transport, TransportListener> node) {
        this.node = node;
    }

    /** Ends the threads of the connections. */
    @Override
    public void close() {
        executors.shutdownGracefully();
    }

    /**
     * Opens a stream.
     *
     * @param async request that is processed asynchronously, without a time limit
     * @param httpVersion as on the request line
     */
    void connect(AsyncContext async, HttpServletResponse response, String httpVersion, StreamClient client) {
        EventExecutor executor = executors.next();
        Runnable headers = () ->
                StreamHeaders.of(client.kind(), client.form(), httpVersion).forEach(response::setHeader);
        if (client.isDecidedFirst()) {
            Decision decision = new Decision(headers);
            StreamTransport transport = new StreamTransport(
                    executor, client, it -> decision.output = output(async, executor, client, it), decision);
            transport.start(node, client);
            return;
        }
        ServletOutput[] output = new ServletOutput[1];
        StreamTransport transport =
                new StreamTransport(executor, client, it -> output[0] = output(async, executor, client, it), null);
        transport.start(node, client);
        output[0].begin(headers);
    }

    private static ServletOutput output(
            AsyncContext async, EventExecutor executor, StreamClient client, StreamTransport transport) {
        return new ServletOutput(async, executor, client.options().writeTimeout(), transport);
    }

    /** Response that begins when the connect request is decided. */
    private static final class Decision implements StreamTransport.Opening {

        private final Runnable headers;

        /** Set before the transport starts. */
        private ServletOutput output;

        @SuppressWarnings("NullAway.Init")
        Decision(Runnable headers) {
            this.headers = headers;
        }

        @Override
        public void open() {
            output.begin(headers);
        }

        @Override
        public void refuse(int status) {
            output.refuse(status);
        }
    }
}
