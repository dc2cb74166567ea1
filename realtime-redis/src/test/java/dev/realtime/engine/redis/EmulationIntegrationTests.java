package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.node.EmulationOutcome;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Frames that clients post to a node that does not own their session. */
class EmulationIntegrationTests {

    private static final Duration NO_TIME = Duration.ofMillis(10);

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private final EventExecutor executor = new DefaultEventExecutor();

    private final List<String> called = new CopyOnWriteArrayList<>();

    private final Sinks.One<Payload> slow = Sinks.one();

    private final List<String> received = new CopyOnWriteArrayList<>();

    private RedisEngineUnderTest underTest;

    private RealtimeNode owner;

    private RealtimeNode other;

    private ScriptedTransport transport;

    private String session;

    @BeforeEach
    void connect() {
        underTest = RedisEngineUnderTest.on(redis.get());
        owner = node("owner", underTest.engine());
        other = node("other", underTest.another());
        TransportDescription description =
                new TransportDescription("scripted", TransportCapabilities.EMULATED, null, Map.of(), "", "");
        transport = new ScriptedTransport(executor, WireForm.JSON_LINES, description);
        executor.submit(() -> {
                    TransportListener connection = owner.accept(transport);
                    connection.onMessage(
                            Unpooled.wrappedBuffer("{\"id\":1,\"connect\":{}}".getBytes(StandardCharsets.UTF_8)));
                })
                .syncUninterruptibly();
        eventually(() -> assertThat(received()).isNotEmpty());
        session = received.get(0).replaceAll(".*\"session\":\"([^\"]+)\",\"node\":\"" + owner.id() + "\".*", "$1");
        assertThat(session).hasSize(22);
        received.clear();
    }

    @AfterEach
    void stop() {
        get(owner.stop());
        get(other.stop());
        underTest.close();
        executor.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private RealtimeNode node(String name, RedisEngine engine) {
        RealtimeNode node = RealtimeNode.builder(
                        new NodeOptions(name, "", NO_TIME, NO_TIME),
                        new Namespaces(ChannelNameRules.DEFAULTS, ChannelOptions.DEFAULTS, Map.of(), null),
                        engine,
                        value -> Payload.ofText(value.toString()))
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        // The slow call lasts as long as thousands of posts.
                        .handlerTimeout(Duration.ofMinutes(1))
                        .build())
                .callbacks(new ClientCallbacks(
                        null,
                        List.of(),
                        null,
                        (client, method, data) -> {
                            called.add(method);
                            return method.startsWith("slow") ? slow.asMono() : Mono.just(Payload.ofText("1"));
                        },
                        null,
                        ClientHooks.NONE))
                .build();
        get(node.start());
        return node;
    }

    private List<String> received() {
        received.addAll(executor.submit(transport::takeReceived).syncUninterruptibly().getNow().stream()
                .map(message -> new String(message, StandardCharsets.UTF_8))
                .toList());
        return received;
    }

    private Disconnect closedWith() {
        return executor.submit(transport::closedWith).syncUninterruptibly().getNow();
    }

    private static byte[] rpc(int id, String method) {
        return ("{\"id\":" + id + ",\"rpc\":{\"method\":\"" + method + "\"}}").getBytes(StandardCharsets.UTF_8);
    }

    private Mono<EmulationOutcome> post(byte[] frame) {
        return other.emulate(owner.id(), session, frame);
    }

    @Test
    void frameReachesItsSessionThroughAnotherNode() {
        assertThat(get(post(rpc(2, "a")))).isEqualTo(EmulationOutcome.ACCEPTED);

        eventually(() -> assertThat(received()).containsExactly("{\"id\":2,\"rpc\":{\"data\":1}}"));
    }

    @Test
    void framesPostedToBothNodesInAnyOrderRunInTheOrderOfTheClient() {
        List<Integer> ids = new ArrayList<>(IntStream.range(2, 22).boxed().toList());
        Collections.shuffle(ids, new Random(1));

        List<EmulationOutcome> outcomes = get(Flux.fromIterable(ids)
                .flatMap(id -> (id % 2 == 0 ? owner : other).emulate(owner.id(), session, rpc(id, "m" + id)), 20)
                .collectList());

        assertThat(outcomes).hasSize(20).containsOnly(EmulationOutcome.ACCEPTED);
        eventually(() -> assertThat(called).hasSize(20));
        assertThat(called)
                .containsExactlyElementsOf(
                        IntStream.range(2, 22).mapToObj(id -> "m" + id).toList());
    }

    @Test
    void malformedFrameThroughAnotherNodeEndsTheConnection() {
        assertThat(get(post("nonsense".getBytes(StandardCharsets.UTF_8)))).isEqualTo(EmulationOutcome.ACCEPTED);

        eventually(() -> assertThat(closedWith()).isEqualTo(Disconnect.BAD_REQUEST));
    }

    @Test
    void unknownSessionAndUnknownNodeThroughAnotherNode() {
        assertThat(get(other.emulate(owner.id(), session + "x", rpc(2, "a")))).isEqualTo(EmulationOutcome.ACCEPTED);
        assertThat(get(other.emulate("unknown", session, rpc(2, "a")))).isEqualTo(EmulationOutcome.UNKNOWN_NODE);

        assertThat(called).isEmpty();
        assertThat(closedWith()).isNull();
    }

    @Test
    void thousandsOfFramesForASessionThatWaitsAreRefused() {
        get(post(rpc(2, "slow")));
        byte[] big = rpc(3, "m" + "x".repeat(30_000));

        List<EmulationOutcome> outcomes =
                get(Flux.range(0, 3_000).flatMap(i -> post(big), 50).collectList());

        assertThat(outcomes.stream().filter(EmulationOutcome.ACCEPTED::equals).count())
                .isBetween(1L, 4L);
        assertThat(outcomes.stream()
                        .filter(EmulationOutcome.TOO_MANY_WAITING::equals)
                        .count())
                .isGreaterThanOrEqualTo(2_996);
        assertThat(called).containsExactly("slow");
        slow.tryEmitValue(Payload.ofText("1"));
        eventually(() -> assertThat(called).hasSizeGreaterThan(1));
        assertThat(get(post(rpc(9, "last")))).isEqualTo(EmulationOutcome.ACCEPTED);
    }
}
