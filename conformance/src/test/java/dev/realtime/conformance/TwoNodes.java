package dev.realtime.conformance;

import dev.realtime.engine.redis.server.RedisServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Two nodes of {@link ConformanceApplication} over a Redis server of their own. Clients need no identity to read
 * channels without a namespace, as on the pages in {@code docs}.
 */
final class TwoNodes implements AutoCloseable {

    private final RedisServer redis = RedisServer.started();

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    private TwoNodes() {}

    static TwoNodes start() {
        TwoNodes nodes = new TwoNodes();
        try {
            nodes.contexts.add(nodes.node());
            nodes.contexts.add(nodes.node());
            return nodes;
        } catch (RuntimeException | Error unstartable) {
            nodes.close();
            throw unstartable;
        }
    }

    private ConfigurableApplicationContext node() {
        return WebServer.REACTOR_NETTY
                .application(ConformanceApplication.class, "conformance")
                .initializers(TwoNodes::giveEventLoopsOfItsOwn)
                .run(
                        "--server.forward-headers-strategy=framework",
                        "--realtime.engine=redis",
                        "--realtime.redis.address=" + redis.uri(),
                        // On a busy machine pongs are late. The idle limit of the proxies is twice the interval.
                        "--realtime.client.ping-interval=3s",
                        "--realtime.client.pong-timeout=2900ms",
                        "--realtime.uni-sse.enabled=true",
                        "--realtime.uni-http-stream.enabled=true",
                        "--realtime.client.allow-anonymous-connect-without-token=true",
                        "--realtime.channel.without-namespace.allow-subscribe-for-client=true",
                        "--realtime.channel.without-namespace.allow-subscribe-for-anonymous=true",
                        "--realtime.channel.without-namespace.history-size=100",
                        "--realtime.channel.without-namespace.history-ttl=5m",
                        "--realtime.channel.without-namespace.force-recovery=true");
    }

    /** Those that all applications of a process share end with the first of them. */
    private static void giveEventLoopsOfItsOwn(ConfigurableApplicationContext context) {
        ((GenericApplicationContext) context).registerBean(ReactorResourceFactory.class, () -> {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        });
    }

    /** Address of the first node (0) or the second one (1). */
    URI url(int node) {
        return URI.create("http://127.0.0.1:" + port(node));
    }

    int port(int node) {
        return Integer.parseInt(contexts.get(node).getEnvironment().getProperty("local.server.port"));
    }

    /** Shuts a node down as an orchestrator does; returns when it has ended. */
    void shutDown(int node) {
        contexts.get(node).close();
    }

    @Override
    public void close() {
        contexts.forEach(ConfigurableApplicationContext::close);
        redis.close();
    }
}
