package dev.realtime.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.CoroutinesUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ReflectionUtils;

/** A method of a bean that takes part in what clients do, with everything decided about it at start-up. */
final class HandlerMethod {

    private final Supplier<Object> bean;

    private final Method method;

    private final HandlerKind kind;

    private final @Nullable ChannelTemplate template;

    private final HandlerParameters parameters;

    private final HandlerResult result;

    private final HandlerStatistics statistics;

    private final Bulkhead bulkhead;

    HandlerMethod(
            Supplier<Object> bean,
            Method method,
            HandlerKind kind,
            @Nullable ChannelTemplate template,
            HandlerParameters parameters,
            HandlerResult result,
            Bulkhead bulkhead) {
        this.bean = bean;
        this.method = method;
        this.kind = kind;
        this.template = template;
        this.parameters = parameters;
        this.result = result;
        this.bulkhead = bulkhead;
        this.statistics = new HandlerStatistics(
                method.getDeclaringClass().getSimpleName() + "." + method.getName(), kind.id(), bulkhead);
    }

    /** Calls it; what it throws comes out as it is. */
    @Nullable
    Object invoke(HandlerCall call) throws Throwable {
        Object target = bean.get();
        @Nullable Object[] values = values(call);
        parameters.validate(target, values);
        Method invocable =
                AopUtils.isAopProxy(target) ? AopUtils.selectInvocableMethod(method, target.getClass()) : method;
        if (KotlinDetector.isSuspendingFunction(invocable)) {
            return CoroutinesUtils.invokeSuspendingFunction(invocable, target, values);
        }
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
        return parameters.values(call);
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

    HandlerResult result() {
        return result;
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
