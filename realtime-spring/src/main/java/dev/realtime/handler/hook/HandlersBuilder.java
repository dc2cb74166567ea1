package dev.realtime.handler.hook;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.PayloadWriter;
import dev.realtime.channel.Namespaces;
import dev.realtime.handler.argument.HandlerArguments;
import dev.realtime.handler.argument.HandlerValidation;
import dev.realtime.handler.argument.MessageArguments;
import dev.realtime.handler.argument.PayloadArguments;
import dev.realtime.handler.declaration.ChannelTemplate;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.discovery.ExceptionDiscovery;
import dev.realtime.handler.discovery.HandlerDiscovery;
import dev.realtime.handler.discovery.LateHandlers;
import dev.realtime.handler.invocation.CallerIdentity;
import dev.realtime.handler.invocation.HandlerInvoker;
import dev.realtime.handler.invocation.HandlerMethod;
import dev.realtime.handler.invocation.HandlerObserver;
import dev.realtime.handler.security.SecuredIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.MessagingAdviceBean;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/** Builder of {@link Handlers}. */
public final class HandlersBuilder {

    private final PayloadReader reader;

    private final PayloadWriter writer;

    private final Executor executor;

    private final HandlerBounds limits;

    private @Nullable HandlerValidation validation;

    private Supplier<List<HandlerMethodArgumentResolver>> resolvers = List::of;

    private Supplier<List<MessagingAdviceBean>> advice = List::of;

    private HandlerObserver observer = new HandlerObserver();

    private boolean detailed;

    private @Nullable Namespaces namespaces;

    private Supplier<ConversionService> conversion = DefaultFormattingConversionService::new;

    private boolean secured;

    /**
     * Creates a builder.
     *
     * @param reader reader of payloads
     * @param writer writer of replies
     * @param executor threads for methods that may block; the limits bound the number of tasks
     * @param limits default bounds of each method
     */
    public HandlersBuilder(PayloadReader reader, PayloadWriter writer, Executor executor, HandlerBounds limits) {
        this.reader = reader;
        this.writer = writer;
        this.executor = executor;
        this.limits = limits;
    }

    /** Validates arguments. Without it, methods with constraints are refused. */
    public HandlersBuilder validation(HandlerValidation validation) {
        this.validation = validation;
        return this;
    }

    /** Describes to clients which part of their data was wrong, in the message of error 107. */
    public HandlersBuilder exposeValidationErrors(boolean expose) {
        this.detailed = expose;
        return this;
    }

    /** Adds resolvers for parameters of other types; the first that supports a parameter resolves it. */
    public HandlersBuilder argumentResolvers(Supplier<List<HandlerMethodArgumentResolver>> resolvers) {
        this.resolvers = resolvers;
        return this;
    }

    /**
     * Handles exceptions by the methods of advice marked with
     * {@link org.springframework.messaging.handler.annotation.MessageExceptionHandler}, such as
     * {@code @ControllerAdvice} beans, after those of the class of a handler.
     *
     * @param advice advice beans by precedence
     */
    public HandlersBuilder advice(Supplier<List<MessagingAdviceBean>> advice) {
        this.advice = advice;
        return this;
    }

    /** Observes the calls of the methods. */
    public HandlersBuilder observer(HandlerObserver observer) {
        this.observer = observer;
        return this;
    }

    /** Refuses methods for channels of other namespaces. */
    public HandlersBuilder knownNamespaces(Namespaces namespaces) {
        this.namespaces = namespaces;
        return this;
    }

    /** Sets the conversion of channel variables. */
    public HandlersBuilder conversion(Supplier<ConversionService> conversion) {
        this.conversion = conversion;
        return this;
    }

    /** Calls methods as the user of the client for Spring Security, which must be on the class path. */
    public HandlersBuilder secured() {
        this.secured = true;
        return this;
    }

    /**
     * Returns the handlers, which find the methods of these beans once all singletons exist, and throw
     * {@link InvalidHandlerException} if one is invalid.
     */
    public Handlers build(ConfigurableListableBeanFactory beans) {
        CallerIdentity identity = secured ? SecuredIdentity.of(beans) : new CallerIdentity();
        return new Handlers(
                () -> discover(beans),
                new HandlerInvoker(executor, limits.timeout(), identity, observer, detailed),
                new ReplyMapper(writer, identity),
                beans);
    }

    private List<HandlerMethod> discover(ConfigurableListableBeanFactory beans) {
        ConversionService converting = conversion.get();
        HandlerArguments arguments = new HandlerArguments(
                new PayloadArguments(reader),
                converting,
                new MessageArguments(beans, resolvers.get(), converting),
                validation);
        HandlerDiscovery discovery = new HandlerDiscovery(
                beans, arguments, new ExceptionDiscovery(arguments, advice.get()), limits, namespaces);
        List<HandlerMethod> methods = new ArrayList<>(discovery.discover());
        beans.addBeanPostProcessor(new LateHandlers(discovery.types()));
        methods.sort(Comparator.comparing(
                HandlerMethod::template, Comparator.nullsFirst(ChannelTemplate.MOST_SPECIFIC_FIRST)));
        return methods;
    }
}
