package dev.realtime.handler.argument;

import dev.realtime.handler.BadCommandException;
import org.jspecify.annotations.Nullable;

/** Takes one argument of a handler method from what it is called about. */
@FunctionalInterface
interface HandlerArgument {

    /**
     * The value.
     *
     * @throws BadCommandException if what the client sent does not give one
     */
    @Nullable
    Object of(HandlerCall call);
}
