package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.EventLoops;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.Transport;
import io.netty.util.NettyRuntime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.ReactorNetty;
import reactor.netty.resources.LoopResources;

/**
 * Customizer that gives the web server as many event loops as there are processors, where
 * {@code realtime.server.event-loops} requests it. Reactor Netty creates at least four, which share the processors if
 * there are fewer: a publication becomes four tasks instead of one, and messages that arrive together are spread over
 * turns of different loops instead of leaving in one flush. The record of this decision is
 * {@code docs/decisions/0019-event-loops-of-the-host.md}. A network transport that {@code realtime.server.transport}
 * names needs loops of its own too, as many as the server would have otherwise.
 *
 * <p>HTTP clients of the application keep their loops. Nothing changes for an application that chooses loops itself:
 * by the system property {@code reactor.netty.ioWorkerCount}, by a {@code ReactorResourceFactory} that does not use
 * Reactor Netty's global resources, or by a customizer, since this one comes first.
 */
public final class ServerEventLoops
        implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ServerEventLoops.class);

    private final ObjectProvider<ReactorResourceFactory> chosen;

    /** Whether the server gets one loop per processor instead of the number that Reactor Netty creates. */
    private final boolean fewer;

    private final Transport transport;

    private @Nullable ReactorResourceFactory resources;

    /**
     * @param chosen resources of Reactor Netty that the application and Spring Boot use
     * @param properties whether to change that
     */
    ServerEventLoops(ObjectProvider<ReactorResourceFactory> chosen, RealtimeServerProperties properties) {
        this.chosen = chosen;
        this.fewer = properties.eventLoops() == EventLoops.PER_PROCESSOR && tooManyByDefault();
        this.transport = properties.transport();
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        own().ifPresent(factory::setResourceFactory);
    }

    /** Returns the loops that the connections to Redis use too: those of 'per-processor'. */
    public Optional<LoopResources> shared() {
        return fewer ? own().map(ReactorResourceFactory::getLoopResources) : Optional.empty();
    }

    private synchronized Optional<ReactorResourceFactory> own() {
        if (resources == null && (fewer || transport != Transport.AUTO)) {
            if (chosen.stream().allMatch(ReactorResourceFactory::isUseGlobalResources)) {
                resources = create();
            } else if (transport != Transport.AUTO) {
                logger.warn(
                        "`{}` has no effect on the web server of the application, because its ReactorResourceFactory"
                                + " has event loops of its own. Remove the property, or the loops.",
                        RealtimeServerProperties.TRANSPORT);
            }
        }
        return Optional.ofNullable(resources);
    }

    private ReactorResourceFactory create() {
        int loops = fewer ? NettyRuntime.availableProcessors() : LoopResources.DEFAULT_IO_WORKER_COUNT;
        ReactorResourceFactory own = new ReactorResourceFactory();
        own.setUseGlobalResources(false);
        own.setLoopResources(TransportLoops.create(transport, "reactor-http", loops));
        own.afterPropertiesSet();
        if (fewer) {
            logger.info(
                    "The web server runs on {} event loops instead of {}, because `realtime.server.event-loops` is"
                            + " `per-processor`.",
                    loops,
                    LoopResources.DEFAULT_IO_WORKER_COUNT);
        }
        return own;
    }

    /** Returns whether Reactor Netty creates more loops than processors by default. */
    public static boolean tooManyByDefault() {
        return System.getProperty(ReactorNetty.IO_WORKER_COUNT) == null
                && NettyRuntime.availableProcessors() < LoopResources.DEFAULT_IO_WORKER_COUNT;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    /** Called when the web server has stopped. */
    @Override
    public synchronized void close() {
        if (resources != null) {
            LoopResources loops = resources.getLoopResources();
            resources.destroy();
            loops.dispose();
        }
    }
}
