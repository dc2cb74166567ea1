package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** With Redis a node may do without clients of its own: it publishes to those of other nodes, and says so. */
@ExtendWith(OutputCaptureExtension.class)
class PublishingNodeAutoConfigurationTests {

    private static final AutoConfigurations REALTIME = AutoConfigurations.of(RealtimeAutoConfiguration.class);

    private static final String[] PROPERTIES = {
        "realtime.engine=redis", "realtime.redis.startup=wait", "realtime.redis.address=cache"
    };

    @Test
    void servletApplicationIsWarned(CapturedOutput output) {
        new WebApplicationContextRunner()
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
        logging.setLogLevel(PublishingNode.class.getName(), LogLevel.INFO);
        new ApplicationContextRunner()
                .withConfiguration(REALTIME)
                .withPropertyValues(PROPERTIES)
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(RealtimePublisher.class);
                    assertThat(output).contains("This application has no web server, so this node only publishes");
                });
        logging.setLogLevel(PublishingNode.class.getName(), null);
    }

    @Test
    void reactiveApplicationIsNothingSpecial(CapturedOutput output) {
        RedisRunner.waiting("realtime.redis.address=cache").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain("only publishes", "servlet application");
        });
    }
}
