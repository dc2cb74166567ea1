package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PayloadWriter;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.autoconfigure.disabled.RealtimeDisabledAutoConfiguration;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Beans that an application gets, and the part that its own take. */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner =
            new ReactiveWebApplicationContextRunner().withConfiguration(RealtimeFacets.with());

    @Test
    void everyBeanIsThereUnderItsNameAndInjectsByType() {
        runner.run(context -> {
            RealtimeNode node = context.getBean(RealtimeNode.class);

            assertThat(context).getBean(RealtimePublisher.class).isSameAs(context.getBean("realtimePublisher"));
            assertThat(context).getBean(RealtimeChannels.class).isSameAs(context.getBean("realtimeChannels"));
            assertThat(context).getBean(RealtimePresence.class).isSameAs(context.getBean("realtimePresence"));
            assertThat(context).getBean(RealtimeClients.class).isSameAs(context.getBean("realtimeClients"));
            assertThat(node).isSameAs(context.getBean("realtimeNode"));
            assertThat(node)
                    .isNotInstanceOfAny(
                            RealtimePublisher.class,
                            RealtimeChannels.class,
                            RealtimePresence.class,
                            RealtimeClients.class);
        });
    }

    @Test
    void memoryIsTheEngineWhenNothingIsConfigured() {
        runner.run(context -> {
            assertThat(context).getBean(Engine.class).isInstanceOf(MemoryEngine.class);
            assertThat(nodeOf(context).engine()).isSameAs(context.getBean(Engine.class));
        });
    }

    @Test
    void beansDoNothingWhenSwitchedOff(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel("dev.realtime.autoconfigure", LogLevel.INFO);
        runner.withConfiguration(AutoConfigurations.of(RealtimeDisabledAutoConfiguration.class))
                .withPropertyValues("realtime.enabled=false", "realtime.client.channel-limit=0")
                .run(context -> {
                    assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(RealtimeNode.class)
                            .doesNotHaveBean(Engine.class);
                    assertThat(context.getBean(RealtimePublisher.class)
                                    .publish("chat:a", Map.of())
                                    .block())
                            .isEqualTo(PublishResult.WITHOUT_HISTORY);
                    assertThat(context.getBean(RealtimePublisher.class)
                                    .broadcast(List.of("a", "b"), "x")
                                    .collectList()
                                    .block())
                            .extracting(BroadcastOutcome::channel)
                            .containsExactly("a", "b");
                    assertThat(context.getBean(RealtimeChannels.class)
                                    .position("chat:a")
                                    .block())
                            .isEqualTo(StreamPosition.NONE);
                    assertThat(context.getBean(RealtimePresence.class)
                                    .stats("chat:a")
                                    .block())
                            .isEqualTo(new PresenceStats(0, 0));
                    assertThat(context.getBean(RealtimeClients.class)
                                    .connections("alice")
                                    .collectList()
                                    .block())
                            .isEmpty();
                    assertThat(context.getBean(RealtimeTokenIssuer.class).connectionToken("alice"))
                            .contains(".");
                });
        logging.setLogLevel("dev.realtime.autoconfigure", null);
        assertThat(output).containsOnlyOnce("`realtime.enabled` is `false`");
    }

    @Test
    void beansForASwitchedOffServerAreNotThereOtherwise() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(RealtimeDisabledAutoConfiguration.class))
                .run(context -> assertThat(context).doesNotHaveBean(RealtimePublisher.class));
    }

    @Test
    void propertiesReachTheNode() {
        runner.withPropertyValues(
                        "realtime.node.name=left",
                        "realtime.shutdown.spread=2s",
                        "realtime.shutdown.timeout=5s",
                        "realtime.client.channel-limit=7",
                        "realtime.channel.namespaces.chat.presence=true")
                .run(context -> {
                    RealtimeNode node = nodeOf(context);

                    assertThat(node.options().name()).isEqualTo("left");
                    assertThat(node.options().shutdownSpread()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(node.options().shutdownTimeout()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(node.clientOptions().channelLimit()).isEqualTo(7);
                    assertThat(node.namespaces().find("chat:room").orElseThrow().options())
                            .isEqualTo(ChannelOptions.builder().presence(true).build());
                });
    }

    @Test
    void aNodeWithoutANameIsNamedAfterItsProcess() {
        runner.run(context -> {
            RealtimeNode node = nodeOf(context);

            assertThat(node.options().name())
                    .endsWith("_" + ProcessHandle.current().pid());
            assertThat(node.options().version()).isNotBlank();
            assertThat(node.clientOptions()).isEqualTo(ClientOptions.DEFAULTS);
        });
    }

    @Test
    void withoutBeansOfTheApplicationTheNodeDecidesByItself() {
        runner.run(context -> {
            RealtimeNode node = nodeOf(context);

            assertThat(node.callbacks().authenticator()).isNull();
            assertThat(node.callbacks().authorizers()).isEmpty();
            assertThat(node.callbacks().tokenAuthenticator()).isNull();
            assertThat(node.callbacks().rpcHandler()).isNull();
            assertThat(node.callbacks().messageHandler()).isNull();
        });
    }

    @Test
    void beansOfTheApplicationTakePartByTheirType() {
        runner.withUserConfiguration(Decisions.class).run(context -> {
            RealtimeNode node = nodeOf(context);

            assertThat(node.callbacks().authenticator()).isSameAs(context.getBean("whoIsIt"));
            assertThat(node.callbacks().authorizers())
                    .containsExactly(
                            context.getBean("first", ChannelAuthorizer.class),
                            context.getBean("second", ChannelAuthorizer.class));
            assertThat(node.callbacks().tokenAuthenticator()).isSameAs(context.getBean(TokenAuthenticator.class));
            assertThat(node.callbacks().rpcHandler()).isSameAs(context.getBean("methods"));
            assertThat(node.callbacks().messageHandler()).isSameAs(context.getBean("messages"));
            assertThat(node.namespaces()
                            .find("tenant:x")
                            .orElseThrow()
                            .options()
                            .presence())
                    .isTrue();
        });
    }

    @Test
    void objectsAreWrittenByTheApplicationsJsonMapper() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();

        runner.withBean(JsonMapper.class, () -> mapper)
                .run(context -> assertThat(nodeOf(context)
                                .payloadWriter()
                                .write(new Greeting("alice"))
                                .text())
                        .isEqualTo("{\"first_name\":\"alice\"}"));
    }

    @Test
    void objectsAreWrittenByJacksonsDefaultsIfTheApplicationHasNoMapper() {
        runner.run(context -> assertThat(nodeOf(context)
                        .payloadWriter()
                        .write(new Greeting("alice"))
                        .text())
                .isEqualTo("{\"firstName\":\"alice\"}"));
    }

    @Test
    void objectsAreRefusedWithoutJackson() {
        runner.withClassLoader(new FilteredClassLoader("tools.jackson.databind"))
                .run(context -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> nodeOf(context).payloadWriter().write(new Greeting("alice")))
                        .withMessage("A " + Greeting.class.getName()
                                + " cannot be published, because Jackson is not on the class path to write it as JSON."
                                + " Add spring-boot-jackson, define a bean of type dev.realtime.api.PayloadWriter, or"
                                + " publish raw bytes."));
    }

    @Test
    void beansOfTheApplicationReplaceOurs() {
        runner.withUserConfiguration(Replacements.class).run(context -> {
            assertThat(context).getBean(RealtimePublisher.class).isSameAs(context.getBean("ownPublisher"));
            assertThat(context).getBean(RealtimeChannels.class).isSameAs(context.getBean("ownChannels"));
            assertThat(context).getBean(RealtimePresence.class).isSameAs(context.getBean("ownPresence"));
            assertThat(context).getBean(RealtimeClients.class).isSameAs(context.getBean("ownClients"));
            assertThat(nodeOf(context).payloadWriter()).isSameAs(context.getBean("ownWriter"));
            assertThat(nodeOf(context).namespaces()).isSameAs(context.getBean("ownNamespaces"));
            assertThat(nodeOf(context).engine()).isSameAs(context.getBean("ownEngine"));
        });
    }

    @Test
    void anOwnEngineNeedsNoClientsOfItsOwn() {
        new ApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .withUserConfiguration(Replacements.class)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Engine.class));
    }

    @Test
    void theApplicationsOwnSchedulerIsNotDisturbed() {
        runner.withUserConfiguration(OwnScheduler.class)
                .run(context -> assertThat(context.getBean(Scheduler.class)).isSameAs(context.getBean("ownScheduler")));
    }

    private static RealtimeNode nodeOf(AssertableReactiveWebApplicationContext context) {
        return context.getBean(RealtimeNode.class);
    }

    record Greeting(String firstName) {}

    @Configuration(proxyBeanMethods = false)
    static class Decisions {

        @Bean
        Authenticator whoIsIt() {
            return context -> Mono.empty();
        }

        @Bean
        @Order(2)
        ChannelAuthorizer second() {
            return new ChannelAuthorizer() {};
        }

        @Bean
        @Order(1)
        ChannelAuthorizer first() {
            return new ChannelAuthorizer() {};
        }

        @Bean
        TokenAuthenticator tokens() {
            return mock(TokenAuthenticator.class);
        }

        @Bean
        RpcHandler methods() {
            return (client, method, data) -> Mono.empty();
        }

        @Bean
        MessageHandler messages() {
            return (client, data) -> Mono.empty();
        }

        @Bean
        ChannelOptionsResolver tenants() {
            ChannelOptions options = ChannelOptions.builder().presence(true).build();
            return namespace -> namespace.equals("tenant") ? Optional.of(options) : Optional.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Replacements {

        @Bean
        RealtimePublisher ownPublisher() {
            return mock(RealtimePublisher.class);
        }

        @Bean
        RealtimeChannels ownChannels() {
            return mock(RealtimeChannels.class);
        }

        @Bean
        RealtimePresence ownPresence() {
            return mock(RealtimePresence.class);
        }

        @Bean
        RealtimeClients ownClients() {
            return mock(RealtimeClients.class);
        }

        @Bean
        PayloadWriter ownWriter() {
            return mock(PayloadWriter.class);
        }

        @Bean
        Namespaces ownNamespaces() {
            return new Namespaces(ChannelNameRules.DEFAULTS, ChannelOptions.DEFAULTS, Map.of(), null);
        }

        @Bean
        Engine ownEngine() {
            return new MemoryEngine(Duration.ofMinutes(1), Schedulers.parallel());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnScheduler {

        @Bean
        Scheduler ownScheduler() {
            return Schedulers.immediate();
        }
    }
}
