package dev.realtime.handler;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Set;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * Hints for native images: handler methods are called by reflection, and Jackson reads their payloads and writes their
 * results. What a method puts into a reply, as with {@link SubscribeReply#withData}, is not in its declaration and is
 * not covered.
 */
final class HandlerReflectiveProcessor implements ReflectiveProcessor {

    /** Types of parameters and results that never go through Jackson. */
    private static final Set<Class<?>> OURS = Set.of(
            ClientIdentity.class,
            ConnectContext.class,
            Channel.class,
            Payload.class,
            Disconnect.class,
            Unsubscribe.class,
            Authentication.class,
            SubscriptionGrant.class,
            ConnectReply.class,
            SubscribeReply.class,
            PublishReply.class,
            RefreshReply.class);

    private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

    @Override
    public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
        if (element instanceof Method method) {
            hints.registerMethod(method, ExecutableMode.INVOKE);
            int parameters = method.getParameterCount();
            ResolvableType result = ResolvableType.forMethodReturnType(method);
            if (KotlinDetector.isSuspendingFunction(method)) {
                parameters--;
                result = ResolvableType.forMethodParameter(method, parameters).getGeneric(0);
            }
            for (int index = 0; index < parameters; index++) {
                bind(hints, ResolvableType.forMethodParameter(method, index));
            }
            boolean wrapped =
                    ReactiveAdapterRegistry.getSharedInstance().getAdapter(result.resolve(Object.class)) != null;
            bind(hints, wrapped ? result.getGeneric(0) : result);
        }
    }

    private void bind(ReflectionHints hints, ResolvableType type) {
        Class<?> resolved = type.resolve(Object.class);
        boolean known = resolved == Object.class
                || resolved.isPrimitive()
                || Principal.class.isAssignableFrom(resolved)
                || OURS.contains(resolved);
        if (!known) {
            bindings.registerReflectionHints(hints, type.getType());
        }
    }
}
