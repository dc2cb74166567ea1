package dev.realtime.autoconfigure.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.hook.RpcHandler;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A security annotation on a handler is enforced, or the application does not start. */
class HandlerMethodSecurityTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with())
            .withPropertyValues("realtime.channel.namespaces.chat.presence=false");

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class Blocking {}

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity(securedEnabled = true, jsr250Enabled = true)
    static class BlockingWithAll {}

    @Configuration(proxyBeanMethods = false)
    @EnableReactiveMethodSecurity
    static class Reactive {}

    @Retention(RetentionPolicy.RUNTIME)
    @PreAuthorize("hasRole('STAFF')")
    @interface StaffOnly {}

    // ---- Handlers that all answer to `call`

    static class OnMethod {

        @OnRpc
        @PreAuthorize("hasRole('STAFF')")
        String call() {
            return "called";
        }
    }

    static class ByMetaAnnotation {

        @OnRpc
        @StaffOnly
        String call() {
            return "called";
        }
    }

    @StaffOnly
    static class OnClass {

        @OnRpc
        String call() {
            return "called";
        }
    }

    interface Staff {

        @PreAuthorize("hasRole('STAFF')")
        String call();
    }

    static class OnInterface implements Staff {

        @Override
        @OnRpc
        public String call() {
            return "called";
        }
    }

    static class BySecured {

        @OnRpc
        @Secured("ROLE_STAFF")
        String call() {
            return "called";
        }
    }

    static class ByRole {

        @OnRpc
        @RolesAllowed("STAFF")
        String call() {
            return "called";
        }
    }

    static class SecuredInTwoWays {

        @OnRpc
        @PreAuthorize("permitAll")
        @Secured("ROLE_STAFF")
        String call() {
            return "called";
        }
    }

    static class Denied {

        @OnRpc
        @DenyAll
        String call() {
            return "called";
        }
    }

    @DenyAll
    static class PermittedOnMethod {

        @OnRpc
        @PermitAll
        String call() {
            return "called";
        }
    }

    static class AfterTheFact {

        @OnRpc
        @PostAuthorize("returnObject == 'nothing'")
        String call() {
            return "called";
        }
    }

    static class OfMono {

        @OnRpc
        @PreAuthorize("hasRole('STAFF')")
        Mono<String> call() {
            return Mono.just("called");
        }
    }

    static class OfStage {

        @OnRpc
        @PreAuthorize("hasRole('STAFF')")
        CompletionStage<String> call() {
            return CompletableFuture.completedFuture("called");
        }
    }

    static class MonoAfterTheFact {

        @OnRpc
        @PostAuthorize("returnObject != 'called'")
        Mono<String> call() {
            return Mono.just("called");
        }
    }

    static class OfFlux {

        @OnSubscribe("chat:{room}")
        @PreAuthorize("hasRole('STAFF')")
        Flux<String> feed() {
            return Flux.just("a");
        }
    }

    static class FinalMethod {

        @OnRpc
        @PreAuthorize("hasRole('STAFF')")
        final String call() {
            return "called";
        }
    }

    // ---- What is not enforced

    static Stream<Arguments> notEnforced() {
        return Stream.of(
                Arguments.of(null, OnMethod.class, "@PreAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(null, OfMono.class, "@PreAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(null, OfFlux.class, "@PreAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(null, ByMetaAnnotation.class, "@PreAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(null, OnClass.class, "@PreAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(null, OnInterface.class, "@PreAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(null, AfterTheFact.class, "@PostAuthorize", "@EnableMethodSecurity to"),
                Arguments.of(Blocking.class, BySecured.class, "@Secured", "securedEnabled = true"),
                Arguments.of(Blocking.class, SecuredInTwoWays.class, "@Secured", "securedEnabled = true"),
                Arguments.of(Blocking.class, ByRole.class, "@RolesAllowed", "jsr250Enabled = true"),
                Arguments.of(Blocking.class, Denied.class, "@DenyAll", "jsr250Enabled = true"),
                Arguments.of(Reactive.class, BySecured.class, "@Secured", "securedEnabled = true"),
                Arguments.of(Blocking.class, FinalMethod.class, "@PreAuthorize", "Do not make it final"));
    }

    @ParameterizedTest
    @MethodSource
    void notEnforced(@Nullable Class<?> security, Class<?> handler, String annotation, String action) {
        ReactiveWebApplicationContextRunner secured =
                security == null ? runner : runner.withUserConfiguration(security);
        secured.withBean(handler).run(context -> {
            FailureAnalysis analysis = Refusals.analyze(context);

            assertThat(analysis.getDescription())
                    .startsWith("Handler method `" + handler.getName() + ".")
                    .contains("carries " + annotation + ", which is not enforced");
            assertThat(analysis.getAction()).contains(action);
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {OnMethod.class, OfStage.class, AfterTheFact.class})
    void reactiveMethodSecurityThatRejectsEachCallIsRefused(Class<?> handler) {
        runner.withUserConfiguration(Reactive.class).withBean(handler).run(context -> {
            FailureAnalysis analysis = Refusals.analyze(context);

            assertThat(analysis.getDescription())
                    .contains("@EnableReactiveMethodSecurity enforces for methods that return a Mono or a Flux only");
            assertThat(analysis.getAction())
                    .contains("@EnableMethodSecurity, which serves blocking and reactive handlers");
        });
    }

    @Test
    void decisionAboutAMonoInsteadOfItsValueIsRefused() {
        runner.withUserConfiguration(Blocking.class)
                .withBean(MonoAfterTheFact.class)
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .contains("would apply to the Mono instead of its value"));
    }

    // ---- What is enforced

    static Stream<Arguments> enforced() {
        return Stream.of(
                Arguments.of(Blocking.class, OnMethod.class),
                Arguments.of(Blocking.class, ByMetaAnnotation.class),
                Arguments.of(Blocking.class, OnClass.class),
                Arguments.of(Blocking.class, OnInterface.class),
                Arguments.of(Blocking.class, OfMono.class),
                Arguments.of(Blocking.class, OfStage.class),
                Arguments.of(BlockingWithAll.class, BySecured.class),
                Arguments.of(BlockingWithAll.class, SecuredInTwoWays.class),
                Arguments.of(BlockingWithAll.class, ByRole.class),
                Arguments.of(Reactive.class, OfMono.class));
    }

    @ParameterizedTest
    @MethodSource
    void enforced(Class<?> security, Class<?> handler) {
        runner.withUserConfiguration(security).withBean(handler).run(context -> {
            RpcHandler calls = calls(context.getBean(RealtimeNode.class));

            assertThat(calls.call(user("ROLE_STAFF"), "call", null).block()).isEqualTo(Payload.ofText("\"called\""));
            assertThatDenied(calls, "ROLE_USER");
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class Scoped {

        @Bean
        @Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
        OnMethod handler() {
            return new OnMethod();
        }
    }

    /** The proxy of the scope is not advised, only the bean behind it. */
    @Test
    void interceptorBehindTheProxyOfAScopeEnforces() {
        runner.withUserConfiguration(Scoped.class).run(context -> {
            RpcHandler calls = calls(context.getBean(RealtimeNode.class));

            assertThat(calls.call(user("ROLE_STAFF"), "call", null).block()).isEqualTo(Payload.ofText("\"called\""));
            assertThatDenied(calls, "ROLE_USER");
        });
    }

    static class Feed {

        @OnSubscribe("chat:{room}")
        @PreAuthorize("hasRole('STAFF')")
        Flux<String> feed() {
            return Flux.just("news");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableReactiveMethodSecurity
    static class ScopedFeed {

        @Bean
        @Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
        Feed feed() {
            return new Feed();
        }
    }

    @Test
    void feedOfABeanBehindTheProxyOfAScopeIsDeniedBeforeTheClientIsSubscribed() {
        runner.withUserConfiguration(ScopedFeed.class).run(context -> {
            ChannelAuthorizer authorizer = context.getBean(RealtimeNode.class)
                    .callbacks()
                    .authorizers()
                    .get(0);
            Channel channel = new Channel("chat:a", "chat", ChannelOptions.DEFAULTS);

            assertThat(authorizer
                            .authorizeSubscribe(user("ROLE_STAFF"), channel, null)
                            .block())
                    .isNotNull();
            assertThatExceptionOfType(ClientRefusedException.class)
                    .isThrownBy(() -> authorizer
                            .authorizeSubscribe(user("ROLE_USER"), channel, null)
                            .block())
                    .matches(refused -> ClientError.PERMISSION_DENIED.equals(refused.error()));
        });
    }

    @Test
    void whatNobodyMayIsDenied() {
        runner.withUserConfiguration(BlockingWithAll.class)
                .withBean(Denied.class)
                .run(context -> assertThatDenied(calls(context.getBean(RealtimeNode.class)), "ROLE_STAFF"));
        runner.withUserConfiguration(Blocking.class)
                .withBean(AfterTheFact.class)
                .run(context -> assertThatDenied(calls(context.getBean(RealtimeNode.class)), "ROLE_STAFF"));
        runner.withUserConfiguration(Reactive.class)
                .withBean(MonoAfterTheFact.class)
                .run(context -> assertThatDenied(calls(context.getBean(RealtimeNode.class)), "ROLE_STAFF"));
    }

    @Test
    void permissionOfAMethodNeedsNobodyToEnforceIt() {
        runner.withBean(PermittedOnMethod.class)
                .run(context -> assertThat(calls(context.getBean(RealtimeNode.class))
                                .call(user("ROLE_USER"), "call", null)
                                .block())
                        .isEqualTo(Payload.ofText("\"called\"")));
    }

    private static RpcHandler calls(RealtimeNode node) {
        return Objects.requireNonNull(node.callbacks().rpcHandler());
    }

    private static ClientIdentity user(String authority) {
        return new ClientIdentity(
                "client",
                "ann",
                UsernamePasswordAuthenticationToken.authenticated(
                        "ann", null, AuthorityUtils.createAuthorityList(authority)));
    }

    private static void assertThatDenied(RpcHandler calls, String authority) {
        assertThatExceptionOfType(ClientRefusedException.class)
                .isThrownBy(() -> calls.call(user(authority), "call", null).block())
                .matches(refused -> ClientError.PERMISSION_DENIED.equals(refused.error()));
    }

    // ---- The strategy of the application

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class WithStrategy {

        @Bean
        SecurityContextHolderStrategy strategy() {
            return new OwnStrategy();
        }
    }

    /** A strategy that shares nothing with the static one. */
    static class OwnStrategy implements SecurityContextHolderStrategy {

        private final ThreadLocal<SecurityContext> current = ThreadLocal.withInitial(this::createEmptyContext);

        @Override
        public void clearContext() {
            current.remove();
        }

        @Override
        public SecurityContext getContext() {
            return current.get();
        }

        @Override
        public void setContext(SecurityContext context) {
            current.set(context);
        }

        @Override
        public SecurityContext createEmptyContext() {
            return new SecurityContextImpl();
        }
    }

    @Test
    void strategyOfTheApplicationHoldsTheUser() {
        runner.withUserConfiguration(WithStrategy.class)
                .withBean(OnMethod.class)
                .run(context -> {
                    RpcHandler calls = calls(context.getBean(RealtimeNode.class));

                    assertThat(calls.call(user("ROLE_STAFF"), "call", null).block())
                            .isEqualTo(Payload.ofText("\"called\""));
                    assertThatDenied(calls, "ROLE_USER");
                });
    }
}
