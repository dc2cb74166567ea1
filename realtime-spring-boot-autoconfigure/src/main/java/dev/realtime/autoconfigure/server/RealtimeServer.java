package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.Transport;
import dev.realtime.autoconfigure.webflux.TransportLoops;
import dev.realtime.failure.ConfigurationProblemException;
import io.netty.util.NettyRuntime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.StringUtils;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.resources.LoopResources;

/**
 * Server of a port for clients: Reactor Netty on event loops of its own, without the filters and the context of a web
 * application.
 *
 * <p>It starts when the node runs, and stops before the node. By then the node has disconnected its clients, so that
 * each was notified (3001), and admits no others.
 */
public final class RealtimeServer implements SmartLifecycle {

    /** Between the node ({@code DEFAULT_PHASE - 3072}) and the web server of the application. */
    static final int PHASE = DEFAULT_PHASE - 2560;

    /** Property with the number of the port, for tests, as Spring Boot has {@code local.server.port}. */
    static final String LOCAL_PORT = "local.realtime.port";

    private static final Logger logger = LoggerFactory.getLogger(RealtimeServer.class);

    /** Source that Spring Boot keeps the ports of the web servers in. */
    private static final String PORTS = "server.ports";

    /** Time that a connection may stay without a request, which no client of the server needs. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

    private final NettyReactiveWebServerFactory factory;

    private final ServerEndpoints endpoints;

    private final List<String> origins;

    private final Transport transport;

    private final ConfigurableApplicationContext context;

    private @Nullable LoopResources loops;

    private volatile @Nullable WebServer server;

    RealtimeServer(
            int port,
            RealtimeServerProperties properties,
            ServerEndpoints endpoints,
            List<String> origins,
            @Nullable SslBundles sslBundles,
            ConfigurableApplicationContext context) {
        this.endpoints = endpoints;
        this.origins = origins;
        this.transport = properties.transport();
        this.context = context;
        factory = new NettyReactiveWebServerFactory(port);
        factory.setAddress(properties.address());
        factory.addServerCustomizers(http -> http.idleTimeout(IDLE_TIMEOUT));
        if (StringUtils.hasText(properties.ssl().bundle())) {
            factory.setSsl(Ssl.forBundle(properties.ssl().bundle()));
            factory.setSslBundles(sslBundles);
        }
    }

    /** Returns the port, or -1 if it is not open. */
    public int port() {
        WebServer running = server;
        return running == null ? -1 : running.getPort();
    }

    /**
     * Opens the port.
     *
     * @throws PortInUseException if another process has the port
     * @throws ConfigurationProblemException if the transport is not available
     */
    @Override
    public void start() {
        LoopResources loops = TransportLoops.create(transport, "realtime-server", NettyRuntime.availableProcessors());
        this.loops = loops;
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(loops);
        resources.afterPropertiesSet();
        factory.setResourceFactory(resources);
        boolean started = false;
        try {
            WebServer starting = factory.getWebServer(WebHttpHandlerBuilder.webHandler(endpoints)
                    .forwardedHeaderTransformer(ForwardedHeaders.transformer(context.getEnvironment()))
                    .build());
            starting.start();
            server = starting;
            started = true;
        } finally {
            if (!started) {
                loops.dispose();
            }
        }
        exposePort();
        logger.info(
                "Realtime serves {} at port {} (Reactor Netty), to pages of {}",
                endpoints.transports(),
                port(),
                origins.isEmpty() ? "the same host and port (realtime.client.allowed-origins is not set)" : origins);
    }

    @Override
    public void stop() {
        WebServer running = server;
        server = null;
        if (running != null) {
            running.stop();
        }
        if (loops != null) {
            loops.dispose();
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /** Tests with a mock of the web server open no port, as they do not open that of the application. */
    @Override
    public boolean isAutoStartup() {
        return !WebServers.isMock(context);
    }

    /** Like the web server: a context that is paused keeps its clients. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @SuppressWarnings("unchecked")
    private void exposePort() {
        MutablePropertySources sources = context.getEnvironment().getPropertySources();
        PropertySource<?> ports = sources.get(PORTS);
        if (ports == null) {
            ports = new MapPropertySource(PORTS, new LinkedHashMap<>());
            sources.addFirst(ports);
        }
        ((Map<String, Object>) ports.getSource()).put(LOCAL_PORT, port());
    }
}
