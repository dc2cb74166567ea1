package dev.realtime.autoconfigure.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.EventLoops;
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

        assertThat(threadsThatServe(true, null)).isNotEmpty().hasSizeLessThanOrEqualTo(most);
    }

    @Test
    void loopsOfTheApplicationAreNotChangedUnlessAPropertySaysSo() {
        beans.addBean("global", new ReactorResourceFactory());

        try (ServerEventLoops loops =
                new ServerEventLoops(beans.getBeanProvider(ReactorResourceFactory.class), false)) {
            assertThat(loops.own()).isEmpty();
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

        try (ServerEventLoops loops = new ServerEventLoops(beans.getBeanProvider(ReactorResourceFactory.class), true)) {
            boolean changed = loops.own().isPresent();

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

        assertThat(threadsThatServe(true, own)).hasSize(1).allMatch(name -> name.startsWith("own-"));

        own.destroy();
    }

    /** Names of the threads that read requests of many connections at the same time. */
    private Set<String> threadsThatServe(boolean perProcessor, @Nullable ReactorResourceFactory before) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
        if (before != null) {
            factory.setResourceFactory(before);
        }
        try (ServerEventLoops loops =
                new ServerEventLoops(beans.getBeanProvider(ReactorResourceFactory.class), perProcessor)) {
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
