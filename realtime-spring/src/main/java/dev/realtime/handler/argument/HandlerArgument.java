package dev.realtime.handler.argument;

import dev.realtime.handler.BadCommandException;
import org.jspecify.annotations.Nullable;

/** Source of one argument of a handler method. */
@FunctionalInterface
interface HandlerArgument {

    /**
     * Returns the value for a call.
     *
     * @throws BadCommandException if the data of the client does not yield one
     */
    @Nullable
    Object of(HandlerCall call);
}
