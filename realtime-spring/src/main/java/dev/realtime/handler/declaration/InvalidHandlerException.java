package dev.realtime.handler.declaration;

import java.lang.reflect.Method;

/**
 * A handler method, or a class of them, cannot work as it is written. Its message has three parts: what, why, and what
 * to do.
 */
public final class InvalidHandlerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;

    private final String action;

    public InvalidHandlerException(Method method, String why, String action) {
        this("Handler method %s %s".formatted(shown(method), why), action);
    }

    public InvalidHandlerException(Class<?> type, Throwable unreadable) {
        this(
                "Class `%s` is marked with @RealtimeHandler, but its methods cannot be read: %s."
                        .formatted(type.getName(), unreadable),
                "Add the class that is missing to the class path, or remove this one.");
        initCause(unreadable);
    }

    private InvalidHandlerException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    /** A method as people write it: class, name and parameter types. */
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

    /** What is wrong and why, in a sentence that names the method. */
    public String description() {
        return description;
    }

    /** What to do, in a sentence. */
    public String action() {
        return action;
    }
}
