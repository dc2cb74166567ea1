package dev.realtime.autoconfigure.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnCacheEmpty;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnDisconnect;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.invocation.HandlerStatistics;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.hook.TransactionHook;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.task.TaskDecorator;
import org.springframework.validation.annotation.Validated;
import reactor.core.publisher.Mono;

/** Handler methods of beans take part in the node, before and beside the application's other beans. */
class HandlersAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with())
            .withPropertyValues("realtime.channel.namespaces.chat.presence=false");

    private static final ClientIdentity CLIENT = new ClientIdentity("client", "user", null);

    static class EveryKind {

        @OnConnect
        String connect(@Nullable String data) {
            return "of the handler";
        }

        @OnSubscribe("chat:{room}")
        boolean subscribe() {
            return true;
        }

        @OnPublish("chat:{room}")
        boolean publish() {
            return true;
        }

        @OnRpc("a")
        String call() {
            return "of the handler";
        }

        @OnCacheEmpty("chat:{room}")
        String state() {
            return "of the handler";
        }

        @OnDisconnect
        void disconnected() {}
    }

    @Test
    void handlersStandAtTheSeamsOfTheNode() {
        runner.withBean(EveryKind.class).run(context -> {
            RealtimeNode node = context.getBean(RealtimeNode.class);

            assertThat(node.callbacks().authenticator()).isNotNull();
            assertThat(node.callbacks().authorizers()).hasSize(1);
            assertThat(node.callbacks().rpcHandler()).isNotNull();
            assertThat(node.callbacks().messageHandler()).isNull();
            assertThat(node.callbacks().hooks().publish()).isNotNull();
            assertThat(node.callbacks().hooks().renewal()).isNull();
            assertThat(node.callbacks().hooks().cache()).isNotNull();
        });
    }

    @Test
    void applicationWithoutHandlersIsAsItWas() {
        runner.run(context -> {
            RealtimeNode node = context.getBean(RealtimeNode.class);

            assertThat(node.callbacks().authenticator()).isNull();
            assertThat(node.callbacks().authorizers()).isEmpty();
            assertThat(node.callbacks().rpcHandler()).isNull();
            assertThat(node.callbacks().hooks().publish()).isNull();
            assertThat(node.callbacks().hooks().cache()).isNull();
            assertThat(context.getBean(Handlers.class).statistics()).isEmpty();
        });
    }

    @Test
    void methodsWithoutAHandlerGoToTheBean() {
        runner.withBean(EveryKind.class)
                .withBean(
                        RpcHandler.class, () -> (client, method, data) -> Mono.just(Payload.ofText("\"of the bean\"")))
                .run(context -> {
                    RpcHandler handler =
                            context.getBean(RealtimeNode.class).callbacks().rpcHandler();

                    assertThat(handler).isNotNull();
                    assertThat(handler.call(CLIENT, "a", null).block()).isEqualTo(Payload.ofText("\"of the handler\""));
                    assertThat(handler.call(CLIENT, "b", null).block()).isEqualTo(Payload.ofText("\"of the bean\""));
                });
    }

    @Test
    void pingMethodIsThereWhereItIsEnabledAndHasItsName() {
        runner.withPropertyValues("realtime.rpc.ping.enabled=true", "realtime.rpc.ping.method=b")
                .withBean(EveryKind.class)
                .run(context -> {
                    RpcHandler handler =
                            context.getBean(RealtimeNode.class).callbacks().rpcHandler();

                    assertThat(handler).isNotNull();
                    assertThat(handler.call(CLIENT, "a", null).block()).isEqualTo(Payload.ofText("\"of the handler\""));
                    assertThat(handler.call(CLIENT, "b", null).block()).isNull();
                });
        runner.withPropertyValues("realtime.rpc.ping.method=b")
                .run(context -> assertThat(
                                context.getBean(RealtimeNode.class).callbacks().rpcHandler())
                        .isNull());
    }

    @ParameterizedTest
    @CsvSource({"'', of the handler", "token, of the bean"})
    void clientWithATokenIsTheAuthenticatorsAndEveryOtherTheHandlers(String token, String user) {
        runner.withBean(EveryKind.class)
                .withBean(Authenticator.class, () -> context -> Mono.just(Authentication.of("of the bean")))
                .run(context -> {
                    Authenticator authenticator =
                            context.getBean(RealtimeNode.class).callbacks().authenticator();

                    assertThat(authenticator).isNotNull();
                    assertThat(authenticator.authenticate(connecting(token)).block())
                            .isEqualTo(Authentication.of(user));
                });
    }

    private static ConnectContext connecting(String token) {
        return new ConnectContext(
                "client",
                "websocket",
                ProtocolType.JSON,
                null,
                Map.<String, List<String>>of(),
                "/",
                "",
                token,
                null,
                "",
                "",
                Map.of());
    }

    static class OfThreads {

        @OnRpc("thread")
        String thread() {
            return Thread.currentThread().toString();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threadsAreVirtualWhereTheApplicationsAre(boolean virtual) {
        boolean possible = Runtime.version().feature() >= 21;
        runner.withPropertyValues("spring.threads.virtual.enabled=" + virtual)
                .withBean(OfThreads.class)
                .run(context -> {
                    RpcHandler handler =
                            context.getBean(RealtimeNode.class).callbacks().rpcHandler();
                    assertThat(handler).isNotNull();

                    Payload thread = handler.call(CLIENT, "thread", null).block();

                    assertThat(thread).isNotNull();
                    assertThat(thread.text().contains("VirtualThread")).isEqualTo(virtual && possible);
                });
    }

    static class OfContext {

        static final ThreadLocal<String> CONTEXT = ThreadLocal.withInitial(() -> "none");

        @OnRpc
        String context() {
            return CONTEXT.get() + " on " + Thread.currentThread().getName();
        }
    }

    @Test
    void taskDecoratorsOfTheApplicationDecorateBlockingHandlers() {
        runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .withBean(OfContext.class)
                .withBean(
                        TaskDecorator.class,
                        () -> task -> () -> {
                            OfContext.CONTEXT.set("decorated");
                            task.run();
                        })
                .run(context -> assertThat(contextOfAHandler(context.getBean(RealtimeNode.class)))
                        .startsWith("\"decorated on realtime-handler-"));
    }

    @Test
    void executorOfBlockingHandlersCanBeReplaced() {
        runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .withBean(OfContext.class)
                .withBean(
                        "realtimeHandlerExecutor",
                        Executor.class,
                        () -> task -> new Thread(task, "of-the-application").start())
                .run(context -> assertThat(contextOfAHandler(context.getBean(RealtimeNode.class)))
                        .isEqualTo("\"none on of-the-application\""));
    }

    @Test
    void executorOfTheApplicationIsStillMadeByBoot() {
        runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .run(context -> assertThat(context).hasBean("applicationTaskExecutor"));
    }

    private static String contextOfAHandler(RealtimeNode node) {
        RpcHandler handler = node.callbacks().rpcHandler();
        assertThat(handler).isNotNull();
        Payload reply = handler.call(CLIENT, "context", null).block();
        assertThat(reply).isNotNull();
        return reply.text();
    }

    // ---- What may be missing

    record Said(@NotBlank String text) {}

    static class Checked {

        @OnRpc("say")
        void say(@Valid Said said) {}
    }

    @Test
    void validationIsRefusedWhereNothingWouldValidate() {
        runner.withBean(Checked.class).run(context -> {
            FailureAnalysis analysis = Refusals.analyze(context);

            assertThat(analysis.getDescription())
                    .contains("HandlersAutoConfigurationTests$Checked.say(Said)")
                    .contains("nothing would be checked");
            assertThat(analysis.getAction()).contains("spring-boot-starter-validation");
        });
    }

    @Test
    void validatorOfTheApplicationValidates() {
        runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                .withBean(Checked.class)
                .run(context -> assertThat(context.getBean(Handlers.class).statistics())
                        .extracting(HandlerStatistics::method)
                        .containsExactly("Checked.say"));
    }

    @Test
    void severalValidatorsOfWhichNoneIsPrimaryMatterToConstraintsAlone() {
        ReactiveWebApplicationContextRunner several = runner.withBean(
                        "strict", Validator.class, Validation.buildDefaultValidatorFactory()::getValidator)
                .withBean("lenient", Validator.class, Validation.buildDefaultValidatorFactory()::getValidator);

        several.withBean(EveryKind.class).run(context -> assertThat(context).hasNotFailed());
        several.withBean(Checked.class)
                .run(context ->
                        assertThat(Refusals.analyze(context).getAction()).contains("mark one validator with @Primary"));
    }

    @Validated
    static class MethodValidated {

        @OnRpc("say")
        String say(@NotBlank String text) {
            return text;
        }
    }

    @ParameterizedTest
    @CsvSource({"false, bad request", "true, bad request: data must not be blank"})
    void methodValidationOfTheClassIsABadRequest(boolean expose, String message) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.ENGLISH);
        try {
            runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                    .withPropertyValues("realtime.handlers.expose-validation-errors=" + expose)
                    .withBean(MethodValidated.class)
                    .run(context -> {
                        RpcHandler handler =
                                context.getBean(RealtimeNode.class).callbacks().rpcHandler();

                        assertThat(AopUtils.isAopProxy(context.getBean(MethodValidated.class)))
                                .isTrue();
                        assertThat(handler).isNotNull();
                        assertThatExceptionOfType(ClientRefusedException.class)
                                .isThrownBy(() -> handler.call(CLIENT, "say", Payload.ofText("\" \""))
                                        .block())
                                .matches(refused -> new ClientError(107, message, false).equals(refused.error()));
                    });
        } finally {
            Locale.setDefault(before);
        }
    }

    static class OfRooms {

        record Room(String name) {}

        @OnSubscribe("chat:{room}")
        SubscribeReply subscribe(@ChannelVariable Room room) {
            return SubscribeReply.allow().withData(room.name());
        }
    }

    @Test
    void convertersOfTheApplicationConvertChannelVariables() {
        runner.withBean(OfRooms.class)
                .run(context ->
                        assertThat(Refusals.analyze(context).getAction()).contains("Converter or Formatter bean"));
        runner.withBean(OfRooms.class).withBean(RoomConverter.class).run(context -> {
            ChannelAuthorizer authorizer = context.getBean(RealtimeNode.class)
                    .callbacks()
                    .authorizers()
                    .get(0);
            Channel channel = new Channel("chat:lobby", "chat", ChannelOptions.DEFAULTS);
            SubscriptionGrant grant =
                    authorizer.authorizeSubscribe(CLIENT, channel, null).block();

            assertThat(grant).isNotNull();
            assertThat(grant.data()).isEqualTo(Payload.ofText("\"converted lobby\""));
        });
    }

    static class RoomConverter implements Converter<String, OfRooms.Room> {

        @Override
        public OfRooms.Room convert(String name) {
            return new OfRooms.Room("converted " + name);
        }
    }

    @Test
    void worksWithoutTransactions() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TransactionHook.class));
    }

    @Test
    void worksWithoutJakartaValidation() {
        runner.withClassLoader(new FilteredClassLoader("jakarta.validation"))
                .withBean(EveryKind.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    // ---- What is refused

    static class UnknownNamespace {

        @OnSubscribe("chatt:{room}")
        boolean subscribe() {
            return true;
        }
    }

    @Test
    void methodThatCannotWorkIsNamedWithWhatToDo() {
        runner.withBean(UnknownNamespace.class).run(context -> {
            FailureAnalysis analysis = Refusals.analyze(context);

            assertThat(analysis.getDescription())
                    .startsWith("Handler method `" + UnknownNamespace.class.getName() + ".subscribe()`")
                    .contains("belong to no configured namespace");
            assertThat(analysis.getAction()).contains("realtime.channel.namespaces");
        });
    }

    @ParameterizedTest
    @CsvSource({"realtime.handlers.concurrency, 0", "realtime.handlers.queue-size, -1", "realtime.events.queue-size, 0"
    })
    void boundThatCannotBeIsRefused(String property, String value) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .contains("`" + property + "` is `" + value + "`"));
    }
}
