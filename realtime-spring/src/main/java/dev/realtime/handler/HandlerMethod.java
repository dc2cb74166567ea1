package dev.realtime.handler;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method of a bean that takes part in what clients do, with everything decided about it at start-up. */
final class HandlerMethod {

    private final BeanMethod code;

    private final HandlerKind kind;

    private final @Nullable ChannelTemplate template;

    private final ExceptionHandlers exceptions;

    private final HandlerStatistics statistics;

    private final Bulkhead bulkhead;

    /** @param exceptions what handles what the method throws */
    HandlerMethod(
            BeanMethod code,
            HandlerKind kind,
            @Nullable ChannelTemplate template,
            ExceptionHandlers exceptions,
            Bulkhead bulkhead) {
        this.code = code;
        this.kind = kind;
        this.template = template;
        this.exceptions = exceptions;
        this.bulkhead = bulkhead;
        this.statistics = new HandlerStatistics(
                method().getDeclaringClass().getSimpleName() + "." + method().getName(), kind.id(), bulkhead);
    }

    BeanMethod code() {
        return code;
    }

    Method method() {
        return code.method();
    }

    HandlerResult.Style style() {
        return code.result().style();
    }

    HandlerKind kind() {
        return kind;
    }

    @Nullable
    ChannelTemplate template() {
        return template;
    }

    ExceptionHandlers exceptions() {
        return exceptions;
    }

    HandlerStatistics statistics() {
        return statistics;
    }

    Bulkhead bulkhead() {
        return bulkhead;
    }

    @Override
    public String toString() {
        return code.toString();
    }
}
