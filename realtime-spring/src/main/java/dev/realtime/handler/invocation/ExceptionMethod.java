package dev.realtime.handler.invocation;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.InvalidHandlerException;
import org.jspecify.annotations.Nullable;

/** Method marked with {@code @MessageExceptionHandler}, and the meaning of its result. */
public record ExceptionMethod(BeanMethod code) {

    /** @throws InvalidHandlerException if its result type cannot be used */
    public void check() {
        HandlerResult result = code.result();
        if (result.style() == HandlerResult.Style.FEED) {
            throw new InvalidHandlerException(
                    code.method(),
                    "returns many results, but an exception handler may return only one.",
                    "Return a Mono.");
        }
        result.refuseUnfinishedResult(code.method());
    }

    /** Returns whether the method returns a value for the reply, which only RPC calls have. */
    public boolean repliesWithValue() {
        Class<?> type = code.result().type();
        return !code.result().isNothing()
                && !Throwable.class.isAssignableFrom(type)
                && type != ClientError.class
                && type != Disconnect.class;
    }

    /**
     * Returns the reply. Throws the refusal that the method returned, or the original failure if it returned nothing.
     *
     * @param result result of the method, {@code null} for none
     * @param failure the failure that the method handled
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
