package dev.realtime.webflux;

import static dev.realtime.channel.ChannelFixtures.ANYONE;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.WebSocketOptions;
import io.netty.channel.ChannelOption;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.core.Ordered;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A program of its own: a web application with the realtime endpoint and pages of its own, in a JVM with little memory.
 * Prints its port. {@code /page} is a page of the application, {@code /state} reports its state, and
 * {@code /flood?rounds=&channels=&bytes=} publishes in each of these channels, and a number in {@code news}, round by
 * round.
 */
final class SlowClientsProgram implements HandlerMapping, Ordered, ApplicationContextAware {

    /** Of the sockets: what the system takes for clients that read nothing is no memory of the JVM. */
    private static final int SEND_BUFFER = 16_384;

    private static final String PAGE = "page ".repeat(4_000);

    private final RealtimeWebSocketMapping endpoint;

    private final RealtimeNode node;

    private volatile boolean flooding;

    private SlowClientsProgram(RealtimeWebSocketMapping endpoint, RealtimeNode node) {
        this.endpoint = endpoint;
        this.node = node;
    }

    public static void main(String[] arguments) throws Exception {
        RealtimeNode node = RealtimeNode.builder(
                        new NodeOptions("slow-clients", "test", Duration.ofSeconds(1), Duration.ofSeconds(2)),
                        new Namespaces(
                                ChannelNameRules.DEFAULTS,
                                ChannelOptions.builder().subscribeAccess(ANYONE).build(),
                                Map.of(),
                                null),
                        new MemoryEngine(Duration.ofMinutes(1), Schedulers.newSingle("engine", true)),
                        value -> Payload.ofText("\"" + value + "\""))
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        .build())
                .build();
        node.start().block();
        RealtimeWebSocketHandler handler = new RealtimeWebSocketHandler(node::accept, WebSocketOptions.DEFAULTS);
        SlowClientsProgram mapping =
                new SlowClientsProgram(Endpoint.of(handler, WebSocketOptions.DEFAULTS, node::admits), node);
        WebServer server = switch (arguments[0]) {
            case "tomcat" ->
                WebServer.tomcat(
                        mapping, connector -> connector.setProperty("socket.txBufSize", String.valueOf(SEND_BUFFER)));
            case "jetty" -> WebServer.jetty(mapping, connector -> connector.setAcceptedSendBufferSize(SEND_BUFFER));
            default -> WebServer.reactorNetty(mapping, http -> http.childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER));
        };
        System.out.println("PORT " + server.port());
        // Ends with the test that started it.
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    @Override
    public int getOrder() {
        return 0;
    }

    @Override
    public void setApplicationContext(ApplicationContext context) {
        endpoint.setApplicationContext(context);
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        MultiValueMap<String, String> query = exchange.getRequest().getQueryParams();
        return switch (exchange.getRequest().getPath().value()) {
            case "/page" -> Mono.just(page(PAGE));
            case "/state" -> Mono.just(page(state()));
            case "/flood" -> {
                flood(number(query, "rounds"), number(query, "channels"), number(query, "bytes"));
                yield Mono.just(page("started"));
            }
            default -> endpoint.getHandler(exchange);
        };
    }

    private static int number(MultiValueMap<String, String> query, String name) {
        return Integer.parseInt(String.valueOf(query.getFirst(name)));
    }

    private static WebHandler page(String text) {
        return exchange -> exchange.getResponse()
                .writeWith(Mono.fromSupplier(
                        () -> exchange.getResponse().bufferFactory().wrap(text.getBytes(StandardCharsets.US_ASCII))));
    }

    private String state() {
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return "flooding=" + flooding
                + " connections=" + node.statistics().connections()
                + " slow=" + node.statistics().disconnects(Disconnect.SLOW.code())
                + " direct=" + Math.max(direct, PlatformDependent.usedDirectMemory())
                + " max=" + PlatformDependent.maxDirectMemory();
    }

    private void flood(int rounds, int channels, int bytes) {
        flooding = true;
        Thread publisher = new Thread(() -> {
            Payload large = Payload.ofText("\"" + "x".repeat(bytes) + "\"");
            try {
                for (int round = 0; round < rounds; round++) {
                    for (int channel = 0; channel < channels; channel++) {
                        node.publisher().publish("own" + channel, large).block();
                    }
                    node.publisher().publish("news", String.valueOf(round)).block();
                    Thread.sleep(50);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                e.printStackTrace();
            } finally {
                flooding = false;
            }
        });
        publisher.setDaemon(true);
        publisher.start();
    }
}
