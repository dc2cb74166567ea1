package dev.realtime.handler.invocation;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.invocation.AbstractExceptionHandlerMethodResolver;

/**
 * Exception handlers of one handler method in order: those of its class, then those of the advice that applies to it.
 * As in Spring Messaging, the first class with a method for an exception handles it, by the method with the closest
 * exception type; without one, the cause is tried.
 */
public final class ExceptionHandlers {

    private final List<Place> places;

    /** @param places classes with exception handlers, none of them empty */
    public ExceptionHandlers(List<Place> places) {
        this.places = List.copyOf(places);
    }

    /** Returns the method that handles a failure; {@code null} if none does. */
    @Nullable
    ExceptionMethod find(Throwable failure) {
        return places.stream()
                .map(place -> place.find(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns all methods. */
    public Stream<BeanMethod> methods() {
        return places.stream().flatMap(place -> place.methods.values().stream()).map(ExceptionMethod::code);
    }

    /** Exception handlers of one class. */
    public static final class Place extends AbstractExceptionHandlerMethodResolver {

        private final Map<Method, ExceptionMethod> methods = new LinkedHashMap<>();

        /** @param mapped methods by the types of exceptions they are for */
        public Place(Map<Class<? extends Throwable>, ExceptionMethod> mapped) {
            super(methods(mapped));
            mapped.values().forEach(method -> methods.put(method.code().method(), method));
        }

        private static Map<Class<? extends Throwable>, Method> methods(
                Map<Class<? extends Throwable>, ExceptionMethod> mapped) {
            Map<Class<? extends Throwable>, Method> methods = new LinkedHashMap<>();
            mapped.forEach((type, method) -> methods.put(type, method.code().method()));
            return methods;
        }

        private @Nullable ExceptionMethod find(Throwable failure) {
            Method method = resolveMethod(failure);
            return method == null ? null : methods.get(method);
        }
    }
}
