package dev.realtime.autoconfigure.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.redis.RedisRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** An application of any type starts; where clients cannot connect to it, one line says what works. */
@ExtendWith(OutputCaptureExtension.class)
class NodeWithoutClientsCheckTests {

    private static final AutoConfigurations REALTIME = RealtimeFacets.with();

    private static final ClassLoader WITHOUT_MVC = new FilteredClassLoader("dev.realtime.webmvc");

    private static final String[] PROPERTIES = {
        "realtime.engine=redis", "realtime.redis.startup=wait", "realtime.redis.address=cache"
    };

    private static final String[] HISTORY = {
        "realtime.channel.namespaces.news.history-size=10", "realtime.channel.namespaces.news.history-ttl=1m"
    };

    @Test
    void memoryEngineInAServletApplicationIsWarned(CapturedOutput output) {
        new WebApplicationContextRunner()
                .withClassLoader(WITHOUT_MVC)
                .withConfiguration(REALTIME)
                .withPropertyValues(HISTORY)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    publishAndRead(context);
                });
        assertThat(output)
                .containsOnlyOnce("This is a servlet application, so clients cannot connect to this node.")
                .contains("`dev.realtime:realtime-spring-boot-starter-webmvc`", "`realtime.engine=redis`");
    }

    @Test
    void memoryEngineWithoutAWebServerIsWarned(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(REALTIME)
                .withPropertyValues(HISTORY)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    publishAndRead(context);
                });
        assertThat(output)
                .containsOnlyOnce("This application has no web server, so clients cannot connect to this node.");
    }

    /** What works without clients. */
    private static void publishAndRead(ApplicationContext context) {
        context.getBean(RealtimePublisher.class).publish("news:a", "hello").block();
        assertThat(context.getBean(RealtimeChannels.class)
                        .history("news:a", HistoryQuery.latest(10))
                        .map(HistoryResult::publications)
                        .block())
                .hasSize(1);
    }

    @Test
    void servletApplicationIsWarned(CapturedOutput output) {
        new WebApplicationContextRunner()
                .withClassLoader(WITHOUT_MVC)
                .withConfiguration(REALTIME)
                .withPropertyValues(PROPERTIES)
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(RealtimePublisher.class);
                    assertThat(output)
                            .contains("WARN")
                            .contains("This is a servlet application, so clients cannot connect to this node;");
                });
    }

    @Test
    void applicationWithoutAWebServerIsTold(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel(NodeWithoutClientsCheck.class.getName(), LogLevel.INFO);
        new ApplicationContextRunner()
                .withConfiguration(REALTIME)
                .withPropertyValues(PROPERTIES)
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(RealtimePublisher.class);
                    assertThat(output).contains("This application has no web server, so this node only publishes");
                });
        logging.setLogLevel(NodeWithoutClientsCheck.class.getName(), null);
    }

    @Test
    void applicationWithSpringMvcIsNothingSpecial(CapturedOutput output) {
        new WebApplicationContextRunner()
                .withConfiguration(REALTIME)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("cannot connect", "servlet application");
    }

    @Test
    void reactiveApplicationIsNothingSpecial(CapturedOutput output) {
        RedisRunner.waiting("realtime.redis.address=cache").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain("only publishes", "servlet application");
        });
    }
}
