package dev.realtime.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.actuate.RealtimeInfoContributor;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.node.RealtimeNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

class RealtimeInfoAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(RealtimeInfoAutoConfiguration.class));

    @Test
    void infoNamesVersionEngineAndNode() {
        runner.withPropertyValues("realtime.node.name=left").run(context -> {
            Info.Builder builder = new Info.Builder();

            context.getBean("realtimeInfoContributor", RealtimeInfoContributor.class)
                    .contribute(builder);

            assertThat(builder.build().getDetails())
                    .containsEntry(
                            "realtime",
                            Map.of(
                                    "version",
                                    context.getBean(RealtimeNode.class)
                                            .options()
                                            .version(),
                                    "engine",
                                    "memory",
                                    "node",
                                    Map.of(
                                            "id",
                                            context.getBean(RealtimeNode.class).id(),
                                            "name",
                                            "left")));
        });
    }

    @Test
    void contributorCanBeSwitchedOff() {
        runner.withPropertyValues("management.info.realtime.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(RealtimeInfoContributor.class));
    }
}
