package dev.realtime.autoconfigure.handler;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.PayloadWriter;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.Observations;
import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.channel.Namespaces;
import dev.realtime.handler.argument.HandlerValidation;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.hook.HandlersBuilder;
import jakarta.validation.Validator;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.Environment;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.ClassUtils;

/** Handler methods of the application, found among its beans. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
@EnableConfigurationProperties(RealtimeHandlersProperties.class)
public final class RealtimeHandlersAutoConfiguration {

    private static final String EXECUTOR = "realtimeHandlerExecutor";

    private static final String SECURITY = "org.springframework.security.core.Authentication";

    // Not a default candidate: an application that injects an Executor expects its own.
    @Bean(name = EXECUTOR, defaultCandidate = false)
    @ConditionalOnMissingBean(name = EXECUTOR)
    AsyncTaskExecutor realtimeHandlerExecutor(
            Environment environment,
            ObjectProvider<SimpleAsyncTaskExecutorBuilder> virtual,
            ObjectProvider<ThreadPoolTaskExecutorBuilder> platform) {
        return Threading.VIRTUAL.isActive(environment)
                ? HandlerThreads.virtual(virtual.getIfAvailable(SimpleAsyncTaskExecutorBuilder::new))
                : HandlerThreads.platform(platform.getIfAvailable(ThreadPoolTaskExecutorBuilder::new));
    }

    @Bean
    Handlers realtimeHandlers(
            RealtimeHandlersProperties properties,
            RealtimeClientProperties client,
            PayloadReader reader,
            PayloadWriter writer,
            @Qualifier(EXECUTOR) Executor executor,
            Namespaces namespaces,
            ObjectProvider<ChannelOptionsResolver> resolver,
            ObjectProvider<Validation> validation,
            ObjectProvider<HandlerMethodArgumentResolver> resolvers,
            ApplicationContext context,
            ConfigurableListableBeanFactory beans) {
        HandlersBuilder builder = new HandlersBuilder(reader, writer, executor, limits(properties, client))
                .conversion(() -> conversion(beans))
                .argumentResolvers(() -> resolvers.orderedStream().toList())
                .advice(() -> ControllerAdvice.of(context))
                .exposeValidationErrors(properties.exposeValidationErrors());
        if (resolver.stream().findAny().isEmpty()) {
            builder.knownNamespaces(namespaces);
        }
        if (ClassUtils.isPresent(SECURITY, RealtimeHandlersAutoConfiguration.class.getClassLoader())) {
            builder.secured();
        }
        validation.ifAvailable(available -> available.addTo(builder));
        Observations.addTo(builder, beans);
        return builder.build(beans);
    }

    private static ConversionService conversion(ListableBeanFactory beans) {
        ApplicationConversionService conversion = new ApplicationConversionService();
        ApplicationConversionService.addBeans(conversion, beans);
        return conversion;
    }

    private static HandlerBounds limits(RealtimeHandlersProperties properties, RealtimeClientProperties client) {
        return new HandlerBounds(
                PropertyRules.positive(
                        "realtime.handlers.concurrency", properties.concurrency(), "so no handler could be called"),
                PropertyRules.notNegative("realtime.handlers.queue-size", properties.queueSize(), "no call waits"),
                client.handlerTimeout());
    }

    /** Validation of payloads, if Jakarta Validation is on the class path. */
    @FunctionalInterface
    interface Validation {

        void addTo(HandlersBuilder builder);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "jakarta.validation.Validator")
    static class WithValidation {

        @Bean
        Validation realtimeHandlerValidation(ObjectProvider<Validator> validator) {
            return builder -> validator.ifUnique(found -> builder.validation(new HandlerValidation(found)));
        }
    }
}
