package dev.realtime.autoconfigure.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.EventLoops;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.Transport;
import dev.realtime.failure.ConfigurationProblemException;
import io.netty.util.NettyRuntime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** What the server of a reactive application runs on, where there are few processors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
class ServerEventLoopsTests {

    private static final int REQUESTS = 64;

    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

    @Test
    void serverHasNoMoreLoopsThanThereAreProcessors() {
        beans.addBean("global", new ReactorResourceFactory());
        int most = ServerEventLoops.tooManyByDefault()
                ? NettyRuntime.availableProcessors()
                : LoopResources.DEFAULT_IO_WORKER_COUNT;

        assertThat(threadsThatServe(EventLoops.PER_PROCESSOR, Transport.AUTO, null))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(most);
    }

    @Test
    void loopsOfTheApplicationAreNotChangedUnlessAPropertySaysSo() {
        beans.addBean("global", new ReactorResourceFactory());

        try (ServerEventLoops loops = loops(EventLoops.APPLICATION, Transport.AUTO)) {
            NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
            ReactorResourceFactory before = new ReactorResourceFactory();
            factory.setResourceFactory(before);

            loops.customize(factory);

            assertThat(factory).extracting("resourceFactory").isSameAs(before);
            assertThat(loops.shared()).isEmpty();
        }
        assertThat(new Binder()
                        .bindOrCreate("realtime.server", RealtimeServerProperties.class)
                        .eventLoops())
                .isEqualTo(EventLoops.APPLICATION);
    }

    @Test
    void changedLoopsAreLogged(CapturedOutput output) {
        beans.addBean("global", new ReactorResourceFactory());
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel(ServerEventLoops.class.getName(), LogLevel.INFO);

        try (ServerEventLoops loops = loops(EventLoops.PER_PROCESSOR, Transport.AUTO)) {
            boolean changed = loops.shared().isPresent();

            assertThat(output.getOut().contains("because `realtime.server.event-loops` is `per-processor`"))
                    .isEqualTo(changed);
        } finally {
            logging.setLogLevel(ServerEventLoops.class.getName(), null);
        }
    }

    @Test
    void loopsThatTheApplicationChoseRemain() {
        ReactorResourceFactory own = new ReactorResourceFactory();
        own.setUseGlobalResources(false);
        own.setLoopResources(LoopResources.create("own", 1, true));
        own.afterPropertiesSet();
        beans.addBean("own", own);

        assertThat(threadsThatServe(EventLoops.PER_PROCESSOR, Transport.NIO, own))
                .hasSize(1)
                .allMatch(name -> name.startsWith("own-"));

        own.destroy();
    }

    @Test
    void namedTransportHasAsManyLoopsAsBeforeWhichRedisDoesNotShare() {
        beans.addBean("global", new ReactorResourceFactory());

        assertThat(threadsThatServe(EventLoops.APPLICATION, Transport.NIO, null))
                .hasSizeBetween(1, LoopResources.DEFAULT_IO_WORKER_COUNT)
                .allMatch(name -> name.startsWith("reactor-http-nio-"));
        try (ServerEventLoops loops = loops(EventLoops.APPLICATION, Transport.NIO)) {
            assertThat(loops.shared()).isEmpty();
        }
    }

    @Test
    void threadsOfANamedTransportAreNotToBeBlocked() throws Exception {
        LoopResources loops = TransportLoops.create(Transport.NIO, "named", 1);

        assertThat(loops.onServer(LoopResources.DEFAULT_NATIVE)
                        .submit(Schedulers::isInNonBlockingThread)
                        .get())
                .isTrue();

        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(10)).block();
        assertThat(loops.onServer(LoopResources.DEFAULT_NATIVE).isTerminated()).isTrue();
    }

    @Test
    void transportWhoseLibraryIsMissingIsExplained() {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> TransportLoops.create(Transport.IO_URING, "missing", 1))
                .withMessage(
                        "`realtime.server.transport` is `io_uring`, which is not available here: the class path lacks"
                                + " io.netty:netty-transport-native-io_uring. Add"
                                + " io.netty:netty-transport-native-io_uring with the classifier of the platform, such"
                                + " as linux-x86_64, and permit io_uring (`kernel.io_uring_disabled`, the seccomp"
                                + " profile of the container), or set `realtime.server.transport` to `auto`.");
    }

    private ServerEventLoops loops(EventLoops number, Transport transport) {
        return new ServerEventLoops(
                beans.getBeanProvider(ReactorResourceFactory.class),
                new RealtimeServerProperties(number, transport, null, null, new RealtimeServerProperties.Ssl(null)));
    }

    /** Names of the threads that read requests of many connections at the same time. */
    private Set<String> threadsThatServe(
            EventLoops eventLoops, Transport transport, @Nullable ReactorResourceFactory before) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        if (before != null) {
            factory.setResourceFactory(before);
        }
        try (ServerEventLoops loops = loops(eventLoops, transport)) {
            loops.customize(factory);
            WebServer server = factory.getWebServer((request, response) -> {
                names.add(Thread.currentThread().getName());
                return Mono.delay(Duration.ofMillis(50)).then(response.setComplete());
            });
            server.start();
            try {
                WebClient client = WebClient.create("http://localhost:" + server.getPort());
                Flux.range(0, REQUESTS)
                        .flatMap(number -> client.get().retrieve().toBodilessEntity(), REQUESTS)
                        .blockLast();
            } finally {
                server.stop();
            }
        }
        return names;
    }
}
