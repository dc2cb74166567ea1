package dev.realtime.handler.declaration;

import dev.realtime.failure.ConfigurationProblemException;
import java.lang.reflect.Method;

/** Failure at start-up: a handler method, or a class of them, cannot work as declared. */
public final class InvalidHandlerException extends ConfigurationProblemException {

    private static final long serialVersionUID = 1L;

    public InvalidHandlerException(Method method, String why, String action) {
        this("Handler method %s %s".formatted(shown(method), why), action);
    }

    public InvalidHandlerException(Class<?> type, Throwable unreadable) {
        this(
                "Class `%s` is marked with @RealtimeHandler, but its methods cannot be read: %s."
                        .formatted(type.getName(), unreadable),
                "Add the missing class to the class path, or remove this one.");
        initCause(unreadable);
    }

    private InvalidHandlerException(String description, String action) {
        super(null, description, action);
    }

    /** Returns a method for messages: class, name and parameter types. */
    public static String shown(Method method) {
        StringBuilder shown = new StringBuilder("`")
                .append(method.getDeclaringClass().getName())
                .append('.')
                .append(method.getName())
                .append('(');
        String separator = "";
        for (Class<?> type : method.getParameterTypes()) {
            shown.append(separator).append(type.getSimpleName());
            separator = ", ";
        }
        return shown.append(")`").toString();
    }
}
