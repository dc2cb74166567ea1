package dev.realtime.autoconfigure.webflux;

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
 * {@code docs/decisions/0019-event-loops-of-the-host.md}.
 *
 * <p>HTTP clients of the application keep their loops. Nothing changes for an application that chooses loops itself:
 * by the system property {@code reactor.netty.ioWorkerCount}, by a {@code ReactorResourceFactory} that does not use
 * Reactor Netty's global resources, or by a customizer, since this one comes first.
 */
public final class ServerEventLoops
        implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ServerEventLoops.class);

    private final ObjectProvider<ReactorResourceFactory> chosen;

    private final boolean perProcessor;

    private @Nullable ReactorResourceFactory resources;

    /**
     * @param chosen resources of Reactor Netty that the application and Spring Boot use
     * @param perProcessor whether to change that
     */
    ServerEventLoops(ObjectProvider<ReactorResourceFactory> chosen, boolean perProcessor) {
        this.chosen = chosen;
        this.perProcessor = perProcessor;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        own().ifPresent(factory::setResourceFactory);
    }

    /** Returns the resources of the web server, if they are decided here. */
    public synchronized Optional<ReactorResourceFactory> own() {
        if (resources == null
                && perProcessor
                && tooManyByDefault()
                && chosen.stream().allMatch(ReactorResourceFactory::isUseGlobalResources)) {
            resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setLoopResources(LoopResources.create("reactor-http", NettyRuntime.availableProcessors(), true));
            resources.afterPropertiesSet();
            logger.info(
                    "The web server runs on {} event loops instead of {}, because `realtime.server.event-loops` is"
                            + " `per-processor`.",
                    NettyRuntime.availableProcessors(),
                    LoopResources.DEFAULT_IO_WORKER_COUNT);
        }
        return Optional.ofNullable(resources);
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
