package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RedisServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Two nodes of {@link ConformanceApplication} over Redis servers of their own. Clients need no identity to read
 * channels without a namespace, as on the pages in {@code docs}.
 */
final class TwoNodes implements AutoCloseable {

    private final RedisServers redis;

    /** Arguments of each node. */
    private final List<String> arguments;

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    private TwoNodes(RedisServers redis, String address, Duration pingInterval, Duration pongTimeout) {
        this.redis = redis;
        this.arguments = List.of(
                "--" + address,
                "--realtime.client.ping-interval=" + pingInterval,
                "--realtime.client.pong-timeout=" + pongTimeout);
    }

    /** Two nodes over one Redis server whose pings come within the idle limits of {@link Proxy}. */
    static TwoNodes start() {
        // On a busy machine pongs are late. The idle limit of the proxies is twice the interval.
        return startOverOneServer(Duration.ofSeconds(3), Duration.ofMillis(2900));
    }

    /** Two nodes over one Redis server whose connections are not interrupted. */
    static TwoNodes startOverOneServer() {
        return startOverOneServer(Duration.ofSeconds(20), Duration.ofSeconds(10));
    }

    private static TwoNodes startOverOneServer(Duration pingInterval, Duration pongTimeout) {
        RedisServer server = RedisServer.started();
        return start(new TwoNodes(server, "realtime.redis.address=" + server.uri(), pingInterval, pongTimeout));
    }

    /** The same over a Redis Cluster of three primaries. */
    private static TwoNodes startOverCluster() {
        // Nothing fails over, and a busy machine must not make servers believe that others are gone.
        RedisClusterServers cluster = RedisClusterServers.builder()
                .replicas(0)
                .nodeTimeout(Duration.ofSeconds(15))
                .start();
        return start(new TwoNodes(
                cluster,
                "realtime.redis.cluster-address=" + cluster.seeds(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10)));
    }

    private static TwoNodes start(TwoNodes nodes) {
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
                .run(Stream.concat(
                                arguments.stream(),
                                Stream.of(
                                        "--server.forward-headers-strategy=framework",
                                        "--realtime.engine=redis",
                                        // A deadline that a busy machine misses verifies nothing.
                                        "--realtime.redis.connect-timeout=10s",
                                        "--realtime.redis.read-timeout=5s",
                                        "--realtime.redis.ping-timeout=10s",
                                        "--realtime.uni-sse.enabled=true",
                                        "--realtime.uni-http-stream.enabled=true",
                                        "--realtime.client.allow-anonymous-connect-without-token=true",
                                        "--realtime.channel.without-namespace.allow-subscribe-for-client=true",
                                        "--realtime.channel.without-namespace.allow-subscribe-for-anonymous=true",
                                        "--realtime.channel.without-namespace.history-size=100",
                                        "--realtime.channel.without-namespace.history-ttl=5m",
                                        "--realtime.channel.without-namespace.force-recovery=true"))
                        .toArray(String[]::new));
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

    /** Calls a method of the HTTP API of a node, as an application behind it does. */
    void call(int node, String method, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url(node).resolve("/api/" + method))
                                .header("X-API-Key", ConformanceServer.API_KEY)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).contains("\"result\"");
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

    /** Gives tests two nodes over a Redis Cluster, the same to all classes; they end with the last test. */
    static final class OverCluster implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == TwoNodes.class;
        }

        @Override
        public TwoNodes resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getRoot()
                    .getStore(ExtensionContext.Namespace.create(OverCluster.class))
                    .computeIfAbsent(TwoNodes.class, nodes -> startOverCluster(), TwoNodes.class);
        }
    }
}
