package dev.realtime.handler.invocation;

import dev.realtime.handler.argument.HandlerCall;
import dev.realtime.handler.argument.HandlerParameters;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.InvalidHandlerException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.CoroutinesUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ReflectionUtils;

/**
 * Method of a bean with its parameters and its result type.
 *
 * @param bean supplier of the bean, which may be a proxy
 * @param method as the class of the bean declares it
 */
public record BeanMethod(Supplier<Object> bean, Method method, HandlerParameters parameters, HandlerResult result) {

    /** Calls the method and rethrows what it throws, unwrapped. */
    @Nullable
    Object invoke(HandlerCall call) throws Throwable {
        Object target = bean.get();
        @Nullable Object[] values = parameters.values(call);
        parameters.validate(target, values);
        Method invocable =
                AopUtils.isAopProxy(target) ? AopUtils.selectInvocableMethod(method, target.getClass()) : method;
        if (KotlinDetector.isSuspendingFunction(invocable)) {
            return CoroutinesUtils.invokeSuspendingFunction(invocable, target, values);
        }
        ReflectionUtils.makeAccessible(invocable);
        try {
            return KotlinFunctions.needsDefaults(invocable, values)
                    ? KotlinFunctions.invoke(invocable, target, values)
                    : invocable.invoke(target, values);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    /** @throws InvalidHandlerException if the bean is a proxy without the method */
    public void requireReachable() {
        try {
            AopUtils.selectInvocableMethod(method, bean.get().getClass());
        } catch (IllegalStateException notInAnyInterface) {
            throw new InvalidHandlerException(
                    method,
                    "is behind a proxy that implements only the interfaces of its class, so it cannot be called.",
                    "Remove `spring.aop.proxy-target-class=false`, or do not let the class implement an interface.");
        }
    }

    @Override
    public String toString() {
        return InvalidHandlerException.shown(method);
    }
}
