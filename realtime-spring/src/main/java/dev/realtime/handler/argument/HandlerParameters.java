package dev.realtime.handler.argument;

import dev.realtime.handler.BadCommandException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parameters of a handler method: the source of each value, and the constraints on it. */
public final class HandlerParameters {

    private final List<HandlerArgument> arguments;

    private final ArgumentCheck check;

    /** @param check run with the values of each call, before the method is called */
    HandlerParameters(List<HandlerArgument> arguments, ArgumentCheck check) {
        this.arguments = List.copyOf(arguments);
        this.check = check;
    }

    /** Check of the values of a call. */
    @FunctionalInterface
    interface ArgumentCheck {

        /** @throws BadCommandException if a value violates a constraint */
        public void validate(Object bean, @Nullable Object[] values);
    }

    /** Returns the values for a call, in the order of the parameters. */
    @Nullable
    public Object[] values(HandlerCall call) {
        @Nullable Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).of(call);
        }
        return values;
    }

    public void validate(Object bean, @Nullable Object[] values) {
        check.validate(bean, values);
    }
}
