package dev.realtime.autoconfigure.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.actuate.RealtimeMetricsAutoConfiguration;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.invocation.HandlerStatistics;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import reactor.core.publisher.Mono;

/** Handler methods are found whatever the declared type of their bean, and whatever it needs. */
class HandlerBeansTests {

    private final ReactiveWebApplicationContextRunner runner =
            new ReactiveWebApplicationContextRunner().withConfiguration(RealtimeFacets.with());

    interface Api {

        String call();
    }

    static class Impl implements Api {

        @Override
        @OnRpc
        public String call() {
            return "called";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfClass {

        @Bean
        Impl api(RealtimePublisher publisher) {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfInterface {

        @Bean
        Api api() {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfInterfaceThatPublishes {

        @Bean
        Api api(RealtimePublisher publisher) {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfObject {

        @Bean
        Object api(RealtimePublisher publisher) {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyOfClass {

        @Bean
        @Lazy
        Impl api(RealtimePublisher publisher) {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxyByHand {

        @Bean
        Api api(RealtimePublisher publisher) {
            return (Api) new ProxyFactory(new Impl()).getProxy();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {

        @Bean
        @Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
        Impl api() {
            return new Impl();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OfClass.class,
                OfInterface.class,
                OfInterfaceThatPublishes.class,
                OfObject.class,
                LazyOfClass.class,
                ProxyByHand.class,
                Scoped.class
            })
    void methodIsFoundOnce(Class<?> configuration) {
        runner.withUserConfiguration(configuration)
                .run(context -> assertThat(context.getBean(Handlers.class).statistics())
                        .extracting(HandlerStatistics::method)
                        .containsExactly("Impl.call"));
    }

    @Configuration(proxyBeanMethods = false)
    static class HiddenAndLazy {

        @Bean
        @Lazy
        Api api() {
            return new Impl();
        }
    }

    @Test
    void methodThatOnlyShowsWhenALazyBeanIsMadeIsRefusedThen() {
        runner.withUserConfiguration(HiddenAndLazy.class).run(context -> {
            assertThat(context.getBean(Handlers.class).statistics()).isEmpty();
            assertThatException()
                    .isThrownBy(() -> context.getBean(Api.class))
                    .havingRootCause()
                    .isInstanceOf(InvalidHandlerException.class)
                    .withMessageContaining("whose declared type does not show the method");
        });
    }

    /** Authenticator that needs what the node offers, although the node calls it. */
    static class PublishingAuthenticator implements Authenticator {

        PublishingAuthenticator(RealtimePublisher publisher) {}

        @Override
        public Mono<Authentication> authenticate(ConnectContext context) {
            return Mono.just(Authentication.anonymous());
        }
    }

    @Test
    void callbackOfTheApplicationMayNeedThePublisher() {
        runner.withBean(PublishingAuthenticator.class)
                .run(context -> assertThat(
                                context.getBean(RealtimeNode.class).callbacks().authenticator())
                        .isInstanceOf(PublishingAuthenticator.class));
    }

    @Test
    void metersOfMethodsFoundLateAreThere() {
        runner.withConfiguration(
                        AutoConfigurations.of(MetricsAutoConfiguration.class, RealtimeMetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withUserConfiguration(OfInterfaceThatPublishes.class)
                .run(context -> assertThat(context.getBean(MeterRegistry.class)
                                .get("realtime.handler.time")
                                .tag("handler", "Impl.call")
                                .meter())
                        .isNotNull());
    }
}
