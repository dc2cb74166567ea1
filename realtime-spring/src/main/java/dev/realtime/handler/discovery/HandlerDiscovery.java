package dev.realtime.handler.discovery;

import dev.realtime.channel.Namespaces;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.argument.HandlerArguments;
import dev.realtime.handler.declaration.ChannelTemplate;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.declaration.HandlerKind;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.declaration.MethodBounds;
import dev.realtime.handler.invocation.BeanMethod;
import dev.realtime.handler.invocation.HandlerMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Search for the handler methods of all beans, once the singletons exist. The class of a singleton counts, not its
 * declared type; a lazy bean is created only if its declared type has handler methods. Refuses invalid methods.
 */
public final class HandlerDiscovery {

    private static final Logger logger = LoggerFactory.getLogger(HandlerDiscovery.class);

    private final ConfigurableListableBeanFactory beans;

    private final HandlerArguments arguments;

    private final ExceptionDiscovery exceptions;

    private final HandlerBounds limits;

    /** {@code null} where namespaces come from a resolver of the application and cannot be known. */
    private final @Nullable Namespaces namespaces;

    private final List<HandlerMethod> found = new ArrayList<>();

    private final Set<Class<?>> types = new HashSet<>();

    /** Methods by what only one method can handle. */
    private final Map<String, Method> taken = new HashMap<>();

    public HandlerDiscovery(
            ConfigurableListableBeanFactory beans,
            HandlerArguments arguments,
            ExceptionDiscovery exceptions,
            HandlerBounds limits,
            @Nullable Namespaces namespaces) {
        this.beans = beans;
        this.arguments = arguments;
        this.exceptions = exceptions;
        this.limits = limits;
        this.namespaces = namespaces;
    }

    /** @throws InvalidHandlerException if an annotated method is invalid */
    public List<HandlerMethod> discover() {
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : typeOf(name);
            if (type != null) {
                inspect(name, ClassUtils.getUserClass(type));
            }
        }
        renameSharedNames();
        return found;
    }

    /** Gives methods that share a name their full names, since Micrometer would register the meters of only one. */
    private void renameSharedNames() {
        found.stream()
                .collect(Collectors.groupingBy(
                        method -> method.kind() + method.statistics().method()))
                .values()
                .stream()
                .filter(sharing -> sharing.size() > 1)
                .flatMap(List::stream)
                .forEach(method -> method.statistics().rename(method.toString().replace("`", "")));
    }

    /** Returns the class of a bean, or of its target behind a proxy, without creating the bean or its factory. */
    private @Nullable Class<?> typeOf(String name) {
        if (beans.containsBeanDefinition(name)
                && beans.getMergedBeanDefinition(name).getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE)
                        instanceof Class<?> target) {
            return target;
        }
        Object singleton = beans.getSingleton(name);
        return singleton == null || singleton instanceof FactoryBean<?>
                ? beans.getType(name, false)
                : AopProxyUtils.ultimateTargetClass(singleton);
    }

    private void inspect(String name, Class<?> type) {
        Map<Method, List<HandlerKind>> marked = handlerMethods(type);
        if (!marked.isEmpty()) {
            types.add(type);
            Supplier<Object> bean = () -> beans.getBean(name);
            marked.forEach((method, kinds) -> kinds.forEach(kind -> add(name, bean, type, method, kind)));
            if (marked.values().stream().noneMatch(kinds -> kinds.contains(HandlerKind.RPC))) {
                exceptions.requireUse(name, type);
            }
        }
    }

    /** Returns the classes that have handler methods. */
    public Set<Class<?>> types() {
        return Set.copyOf(types);
    }

    /** Returns the handler methods of a class with their kinds. */
    static Map<Method, List<HandlerKind>> handlerMethods(Class<?> type) {
        if (isOfSpring(type) || !AnnotationUtils.isCandidateClass(type, HandlerKind.annotations())) {
            return Map.of();
        }
        try {
            return mayHaveHandlerMethods(type)
                    ? MethodIntrospector.selectMethods(type, HandlerDiscovery::kindsOf)
                    : Map.of();
        } catch (LinkageError | IllegalStateException failure) {
            Throwable unreadable = linkageError(failure);
            if (unreadable == null) {
                throw failure;
            }
            if (AnnotatedElementUtils.isAnnotated(type, RealtimeHandler.class)) {
                throw new InvalidHandlerException(type, unreadable);
            }
            logger.debug("Skipping {} in the search for handler methods: {}", type, unreadable.toString());
            return Map.of();
        }
    }

    /**
     * Returns whether a method of the class, or of a type above it, has a handler annotation. Few beans have one, and
     * Spring's search, which considers overridden methods, takes long for the many methods of all the others.
     */
    private static boolean mayHaveHandlerMethods(Class<?> type) {
        for (Class<?> above = type; above != null && above != Object.class; above = above.getSuperclass()) {
            if (declaresHandlerMethod(above)) {
                return true;
            }
        }
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream()
                .anyMatch(HandlerDiscovery::declaresHandlerMethod);
    }

    private static boolean declaresHandlerMethod(Class<?> type) {
        for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
            if (method.getAnnotations().length > 0 && HandlerKind.isOn(method)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the linkage error of a class whose methods refer to missing classes, which Spring may have wrapped;
     * {@code null} for other failures.
     */
    static @Nullable Throwable linkageError(Throwable failure) {
        Throwable cause = failure instanceof IllegalStateException ? failure.getCause() : failure;
        return cause instanceof LinkageError ? cause : null;
    }

    /**
     * Returns whether a class is an infrastructure bean of Spring, which is not searched. The rule is Spring's own for
     * {@code @EventListener}: a component in such a package belongs to an application.
     */
    private static boolean isOfSpring(Class<?> type) {
        return type.getName().startsWith("org.springframework.")
                && !AnnotatedElementUtils.isAnnotated(type, Component.class);
    }

    private static @Nullable List<HandlerKind> kindsOf(Method method) {
        if (method.isBridge()) {
            return null;
        }
        List<HandlerKind> kinds = HandlerKind.of(method);
        return kinds.isEmpty() ? null : kinds;
    }

    /** @throws InvalidHandlerException if no proxy can call the method */
    static void requireCallable(Method method) {
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw new InvalidHandlerException(
                    method,
                    "is private or static, so it cannot be called through a proxy of its bean.",
                    "Make it an instance method that is at least package-private.");
        }
    }

    private void add(String name, Supplier<Object> bean, Class<?> type, Method method, HandlerKind kind) {
        requireCallable(method);
        HandlerResult result = HandlerResult.of(method, type);
        result.check(method, kind);
        ChannelTemplate template = kind.isAboutChannels() ? template(method, kind) : null;
        refuseSecond(method, kind, template);
        MethodBounds bounds = MethodBounds.of(method, type, limits, beans);
        found.add(new HandlerMethod(
                new BeanMethod(bean, method, arguments.of(method, type, kind, template), result),
                kind,
                template,
                exceptions.of(name, bean, type, kind),
                bounds));
    }

    private ChannelTemplate template(Method method, HandlerKind kind) {
        ChannelTemplate template;
        try {
            template = ChannelTemplate.parse(kind.valueOn(method));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidHandlerException(
                    method,
                    malformed.getMessage() + ".",
                    "Write channels like `chat:{room}`; `{room:[a-z]+}` takes an expression, `{*rest}` everything to"
                            + " the end.");
        }
        if (namespaces != null) {
            refuseUnknownNamespace(method, template, namespaces);
        }
        return template;
    }

    private static void refuseUnknownNamespace(Method method, ChannelTemplate template, Namespaces namespaces) {
        String prefix = template.literalPrefix();
        boolean named = prefix.contains(namespaces.rules().namespaceBoundary());
        if (named && namespaces.find(prefix + "x").isEmpty()) {
            throw new InvalidHandlerException(
                    method,
                    "is for channels `%s`, which belong to no configured namespace, so it would never be called."
                            .formatted(template),
                    "Add the namespace under `realtime.channel.namespaces`, or correct the pattern.");
        }
    }

    private void refuseSecond(Method method, HandlerKind kind, @Nullable ChannelTemplate template) {
        if (kind.isNotified()) {
            return;
        }
        String what = template != null
                ? "channels `" + template + "`"
                : kind == HandlerKind.RPC ? "method `" + kind.valueOn(method) + "`" : "all clients";
        String key = kind + " " + (template == null ? kind.valueOn(method) : template.shape());
        Method first = taken.putIfAbsent(key, method);
        if (first != null) {
            throw new InvalidHandlerException(
                    method,
                    "is %s for %s, and so is %s, so neither could be chosen."
                            .formatted(kind.shown(), what, InvalidHandlerException.shown(first)),
                    "Remove one, or make it for something else.");
        }
    }
}
