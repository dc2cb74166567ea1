package dev.realtime.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

/** A method of a bean that takes part in what clients do, with everything decided about it at start-up. */
final class HandlerMethod {

    /** How its result comes. */
    enum Style {
        /** By returning; it may block. */
        BLOCKING,
        MONO,
        STAGE,
        /** Many results, of a subscribe handler only. */
        FEED
    }

    private final Supplier<Object> bean;

    private final Method method;

    private final HandlerKind kind;

    private final @Nullable ChannelTemplate template;

    private final List<HandlerArgument> arguments;

    private final Style style;

    private final boolean returnsNothing;

    private final HandlerStatistics statistics;

    private final Bulkhead bulkhead;

    HandlerMethod(
            Supplier<Object> bean,
            Method method,
            HandlerKind kind,
            @Nullable ChannelTemplate template,
            List<HandlerArgument> arguments,
            Bulkhead bulkhead) {
        this.bean = bean;
        this.method = method;
        this.kind = kind;
        this.template = template;
        this.arguments = arguments;
        this.style = style(method);
        this.returnsNothing = isNothing(resultType(method, style));
        this.bulkhead = bulkhead;
        this.statistics = new HandlerStatistics(
                method.getDeclaringClass().getSimpleName() + "." + method.getName(), kind.id(), bulkhead);
    }

    static Style style(Method method) {
        Class<?> type = method.getReturnType();
        if (Mono.class.isAssignableFrom(type)) {
            return Style.MONO;
        } else if (CompletionStage.class.isAssignableFrom(type)) {
            return Style.STAGE;
        } else if (Publisher.class.isAssignableFrom(type)) {
            return Style.FEED;
        }
        return Style.BLOCKING;
    }

    /** Type of the result once it is there. */
    static Class<?> resultType(Method method, Style style) {
        ResolvableType type = ResolvableType.forMethodReturnType(method);
        return (style == Style.BLOCKING ? type : type.getGeneric(0)).resolve(Object.class);
    }

    static boolean isNothing(Class<?> type) {
        return type == void.class || type == Void.class;
    }

    /** Calls it; what it throws comes out as it is. */
    @Nullable
    Object invoke(HandlerCall call) throws Throwable {
        Object target = bean.get();
        Object[] values = values(call);
        Method invocable =
                AopUtils.isAopProxy(target) ? AopUtils.selectInvocableMethod(method, target.getClass()) : method;
        ReflectionUtils.makeAccessible(invocable);
        try {
            return invocable.invoke(target, values);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    /** Arguments for a call. */
    @Nullable
    Object[] values(HandlerCall call) {
        @Nullable Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).of(call);
        }
        return values;
    }

    Object bean() {
        return bean.get();
    }

    Method method() {
        return method;
    }

    HandlerKind kind() {
        return kind;
    }

    @Nullable
    ChannelTemplate template() {
        return template;
    }

    Style style() {
        return style;
    }

    /** Whether that it ends is all there is to its result. */
    boolean returnsNothing() {
        return returnsNothing;
    }

    HandlerStatistics statistics() {
        return statistics;
    }

    Bulkhead bulkhead() {
        return bulkhead;
    }

    @Override
    public String toString() {
        return InvalidHandlerException.shown(method);
    }
}
