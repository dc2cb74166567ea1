package dev.realtime.handler.invocation;

import dev.realtime.handler.declaration.ChannelTemplate;
import dev.realtime.handler.declaration.HandlerKind;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.MethodBounds;
import java.lang.reflect.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Handler method with everything that is determined at start-up: kind, channels, exception handlers and limits. */
public final class HandlerMethod {

    private final BeanMethod code;

    private final HandlerKind kind;

    private final @Nullable ChannelTemplate template;

    private final ExceptionHandlers exceptions;

    private final HandlerStatistics statistics;

    private final Bulkhead bulkhead;

    private final @Nullable Duration timeout;

    /** @param exceptions handlers of the exceptions of the method */
    public HandlerMethod(
            BeanMethod code,
            HandlerKind kind,
            @Nullable ChannelTemplate template,
            ExceptionHandlers exceptions,
            MethodBounds bounds) {
        this.code = code;
        this.kind = kind;
        this.template = template;
        this.exceptions = exceptions;
        this.timeout = bounds.timeout();
        this.bulkhead = new Bulkhead(bounds.concurrency(), bounds.queueSize());
        this.statistics = new HandlerStatistics(
                method().getDeclaringClass().getSimpleName() + "." + method().getName(), kind.id(), bulkhead);
    }

    public BeanMethod code() {
        return code;
    }

    public Method method() {
        return code.method();
    }

    HandlerResult.Style style() {
        return code.result().style();
    }

    public HandlerKind kind() {
        return kind;
    }

    @Nullable
    public ChannelTemplate template() {
        return template;
    }

    public ExceptionHandlers exceptions() {
        return exceptions;
    }

    public HandlerStatistics statistics() {
        return statistics;
    }

    /** Returns the time limit of its calls; {@code null} for the common one. */
    @Nullable
    Duration timeout() {
        return timeout;
    }

    Bulkhead bulkhead() {
        return bulkhead;
    }

    @Override
    public String toString() {
        return code.toString();
    }
}
