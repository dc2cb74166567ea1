package dev.realtime.handler.discovery;

import dev.realtime.handler.declaration.InvalidHandlerException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ClassUtils;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Check of beans that are created after the search for handler methods: lazy beans and those of other scopes. Only
 * their declared type was searched. Creation fails if the class has handler methods that the declared type does not
 * show.
 */
public final class LateHandlers implements BeanPostProcessor {

    private final Set<Class<?>> found;

    private final Map<Class<?>, Boolean> checked = new ConcurrentReferenceHashMap<>();

    /** @param found classes whose handler methods were found */
    public LateHandlers(Set<Class<?>> found) {
        this.found = found;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        Class<?> type = ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
        if (!found.contains(type) && checked.putIfAbsent(type, true) == null) {
            for (Method method : HandlerDiscovery.handlerMethods(type).keySet()) {
                checked.remove(type);
                throw new InvalidHandlerException(
                        method,
                        ("is in bean `%s`, which was created after the start and whose declared type does not show the"
                                        + " method.")
                                .formatted(name),
                        "Declare the class as the return type of its @Bean method, or do not make the bean lazy.");
            }
        }
        return bean;
    }
}
