package dev.realtime.handler.invocation;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.InvalidHandlerException;
import org.jspecify.annotations.Nullable;

/** A method marked with {@code @MessageExceptionHandler}, and the meaning of what it returns. */
public record ExceptionMethod(BeanMethod code) {

    /** @throws InvalidHandlerException if its result could not be used */
    public void check() {
        HandlerResult result = code.result();
        if (result.style() == HandlerResult.Style.FEED) {
            throw new InvalidHandlerException(
                    code.method(),
                    "returns many results, but an exception handler has room for one.",
                    "Return a Mono.");
        }
        result.refuseUnfinishedResult(code.method());
    }

    /** Returns whether it returns a value to reply with, which only calls of methods have room for. */
    public boolean repliesWithValue() {
        Class<?> type = code.result().type();
        return !code.result().isNothing()
                && !Throwable.class.isAssignableFrom(type)
                && type != ClientError.class
                && type != Disconnect.class;
    }

    /**
     * Returns the reply; throws what it refuses with, and the failure itself if it has not decided.
     *
     * @param result {@code null} for nothing
     * @param failure that it handled
     */
    @Nullable
    Object reply(@Nullable Object result, Throwable failure) {
        if (result instanceof Throwable refusal) {
            throw HandlerFailure.signallable(refusal);
        } else if (result instanceof ClientError error) {
            throw ClientRefusedException.with(error, "exception handler " + code + " returned it for " + failure);
        } else if (result instanceof Disconnect disconnect) {
            throw ClientRefusedException.with(disconnect, "exception handler " + code + " returned it for " + failure);
        } else if (!repliesWithValue()) {
            throw HandlerFailure.signallable(failure);
        }
        return result;
    }
}
