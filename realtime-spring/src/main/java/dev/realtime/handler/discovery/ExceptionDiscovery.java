package dev.realtime.handler.discovery;

import dev.realtime.handler.argument.HandlerArguments;
import dev.realtime.handler.declaration.HandlerKind;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.invocation.BeanMethod;
import dev.realtime.handler.invocation.ExceptionHandlers;
import dev.realtime.handler.invocation.ExceptionMethod;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.MessagingAdviceBean;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.invocation.AbstractExceptionHandlerMethodResolver;
import org.springframework.util.ClassUtils;

/**
 * Search for methods marked with {@code @MessageExceptionHandler}: in the classes that have handler methods, and in the
 * advice that applies to one of those. Other advice of the application is ignored. Refuses invalid methods of those
 * classes, and ignores invalid methods of advice.
 */
public final class ExceptionDiscovery {

    private static final Logger logger = LoggerFactory.getLogger(ExceptionDiscovery.class);

    private final HandlerArguments arguments;

    private final List<MessagingAdviceBean> advice;

    private final Map<Origin, Set<Mapped>> known = new HashMap<>();

    /** @param advice advice beans of the application, by precedence */
    public ExceptionDiscovery(HandlerArguments arguments, List<MessagingAdviceBean> advice) {
        this.arguments = arguments;
        this.advice = advice;
    }

    /**
     * Source of methods.
     *
     * @param bean name of a bean, or an advice bean
     */
    private record Origin(Object bean, Class<?> type) {}

    /** Method and one of its exception types. */
    private record Mapped(Class<? extends Throwable> type, ExceptionMethod method) {}

    /**
     * Returns the exception handlers of a handler method. Those that return a value apply only to methods that reply
     * with one.
     *
     * @param name name of the bean, on which its exception handlers are called
     */
    ExceptionHandlers of(String name, Supplier<Object> bean, Class<?> type, HandlerKind kind) {
        List<ExceptionHandlers.Place> places = new ArrayList<>();
        Origin origin = new Origin(name, type);
        place(known.computeIfAbsent(origin, own -> ofClass(own, bean)), kind, places);
        for (MessagingAdviceBean one : advice) {
            Class<?> adviceType = one.getBeanType();
            if (adviceType != null && one.isApplicableToBeanType(type)) {
                Origin general = new Origin(one, ClassUtils.getUserClass(adviceType));
                place(known.computeIfAbsent(general, its -> ofAdvice(its, one::resolveBean)), kind, places);
            }
        }
        return new ExceptionHandlers(places);
    }

    /** Refuses an exception handler that returns a value in a class without {@code @OnRpc} methods to reply for. */
    void requireUse(String name, Class<?> type) {
        for (Mapped mapped : known.getOrDefault(new Origin(name, type), Set.of())) {
            if (mapped.method().repliesWithValue()) {
                throw new InvalidHandlerException(
                        mapped.method().code().method(),
                        "returns a value, which replies to @OnRpc methods only, and its class has none.",
                        "Return a HandlerException or a ClientError, throw one, or return nothing.");
            }
        }
    }

    private static void place(Set<Mapped> methods, HandlerKind kind, List<ExceptionHandlers.Place> places) {
        Map<Class<? extends Throwable>, ExceptionMethod> usable = new LinkedHashMap<>();
        for (Mapped mapped : methods) {
            if (kind == HandlerKind.RPC || !mapped.method().repliesWithValue()) {
                ExceptionMethod second = usable.put(mapped.type(), mapped.method());
                if (second != null) {
                    throw new InvalidHandlerException(
                            mapped.method().code().method(),
                            "handles %s, and so does %s, so neither could be chosen."
                                    .formatted(mapped.type().getName(), second.code()),
                            "Remove one, or make it for another exception.");
                }
            }
        }
        if (!usable.isEmpty()) {
            places.add(new ExceptionHandlers.Place(usable));
        }
    }

    private Set<Mapped> ofClass(Origin origin, Supplier<Object> bean) {
        Set<Mapped> methods = new LinkedHashSet<>();
        marked(origin.type()).forEach((method, mark) -> methods.addAll(read(bean, origin.type(), method, mark)));
        return methods;
    }

    /**
     * Leaves out invalid methods: advice without selectors may be for other controllers, with STOMP for instance.
     */
    private Set<Mapped> ofAdvice(Origin origin, Supplier<Object> bean) {
        Set<Mapped> methods = new LinkedHashSet<>();
        marked(origin.type()).forEach((method, mark) -> {
            try {
                methods.addAll(read(bean, origin.type(), method, mark));
            } catch (InvalidHandlerException unusable) {
                logger.warn(
                        "{} It belongs to advice, so handler methods ignore it. If it is meant for other controllers,"
                                + " limit the advice to them. Otherwise: {}",
                        unusable.description(),
                        unusable.action());
            }
        });
        return methods;
    }

    private static Map<Method, MessageExceptionHandler> marked(Class<?> type) {
        return MethodIntrospector.selectMethods(
                type, (MetadataLookup<MessageExceptionHandler>) ExceptionDiscovery::mark);
    }

    private static @Nullable MessageExceptionHandler mark(Method method) {
        return method.isBridge()
                ? null
                : AnnotatedElementUtils.findMergedAnnotation(method, MessageExceptionHandler.class);
    }

    private List<Mapped> read(Supplier<Object> bean, Class<?> type, Method method, MessageExceptionHandler mark) {
        HandlerDiscovery.requireCallable(method);
        Set<Class<? extends Throwable>> exceptions = new HashSet<>(List.of(mark.value()));
        if (exceptions.isEmpty()) {
            exceptions.addAll(Signature.exceptions(method));
        }
        if (exceptions.isEmpty()) {
            throw new InvalidHandlerException(
                    method,
                    "is an exception handler, but neither its annotation nor a parameter names an exception.",
                    "Take the exception as a parameter, or name its type in @MessageExceptionHandler.");
        }
        ExceptionMethod handler = new ExceptionMethod(new BeanMethod(
                bean, method, arguments.ofExceptionHandler(method, type, exceptions), HandlerResult.of(method, type)));
        handler.check();
        return exceptions.stream()
                .map(exception -> new Mapped(exception, handler))
                .toList();
    }

    /** The types of exceptions among the parameters of a method, as Spring Messaging reads them. */
    private static final class Signature extends AbstractExceptionHandlerMethodResolver {

        private Signature() {
            super(Map.of());
        }

        static List<Class<? extends Throwable>> exceptions(Method method) {
            try {
                return getExceptionsFromMethodSignature(method);
            } catch (IllegalStateException none) {
                return List.of();
            }
        }
    }
}
