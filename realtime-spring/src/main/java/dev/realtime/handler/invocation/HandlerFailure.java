package dev.realtime.handler.invocation;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.handler.BadCommandException;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.HandlerOutcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.util.ClassUtils;
import reactor.core.Exceptions;

/**
 * Meaning of the failure of a handler method.
 *
 * @param refusal the error or disconnect for the client
 * @param reason for the log
 */
public record HandlerFailure(HandlerOutcome outcome, ClientRefusedException refusal, String reason) {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.access.AccessDeniedException", HandlerFailure.class.getClassLoader());

    /** @param detailed whether the error for the client describes what was wrong with its data */
    public static HandlerFailure of(Throwable thrown, boolean detailed) {
        Throwable failure = unwrapped(thrown);
        if (failure instanceof ClientRefusedException refused) {
            return new HandlerFailure(HandlerOutcome.REFUSED, refused, String.valueOf(refused.getMessage()));
        } else if (failure instanceof HandlerException refused) {
            return new HandlerFailure(
                    HandlerOutcome.REFUSED, refusal(refused), "code " + refused.code() + ", " + refused.getMessage());
        } else if (failure instanceof RealtimeException refused) {
            return refused(HandlerOutcome.REFUSED, refused.error(), String.valueOf(refused.getMessage()));
        } else if (failure instanceof BadCommandException bad) {
            return refused(HandlerOutcome.REFUSED, badRequest(bad, detailed), String.valueOf(bad.getMessage()));
        } else if (failure instanceof RejectedExecutionException rejected) {
            return refused(
                    HandlerOutcome.REJECTED, ClientError.TOO_MANY_REQUESTS, String.valueOf(rejected.getMessage()));
        } else if (failure instanceof TimeoutException late) {
            return refused(HandlerOutcome.TIMEOUT, ClientError.INTERNAL, String.valueOf(late.getMessage()));
        } else if (SECURITY && Denial.is(failure)) {
            return refused(
                    HandlerOutcome.REFUSED, ClientError.PERMISSION_DENIED, "Spring Security denied it: " + failure);
        }
        return refused(HandlerOutcome.FAILED, ClientError.INTERNAL, failure.toString());
    }

    private static ClientRefusedException refusal(HandlerException refused) {
        String message = String.valueOf(refused.getMessage());
        String reason = "refused by the handler method: " + message;
        return refused.endsConnection()
                ? ClientRefusedException.with(new Disconnect(refused.code(), message), reason)
                : ClientRefusedException.with(new ClientError(refused.code(), message, refused.temporary()), reason);
    }

    /** Returns what a method has thrown, without wrappers. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable failure = Exceptions.unwrap(thrown);
        while ((failure instanceof CompletionException || failure instanceof SignallableError)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure;
    }

    /**
     * Returns an exception that code within a Reactor operator may throw. An {@code Error} is wrapped, since Reactor
     * throws some of them out of {@code subscribe} instead of signalling them; {@link #unwrapped} returns the error.
     */
    public static RuntimeException signallable(Throwable thrown) {
        return thrown instanceof Error ? new SignallableError(thrown) : Exceptions.propagate(thrown);
    }

    private static ClientError badRequest(BadCommandException bad, boolean detailed) {
        ClientError plain = ClientError.BAD_REQUEST;
        return detailed ? new ClientError(plain.code(), plain.message() + ": " + bad.detail(), false) : plain;
    }

    private static HandlerFailure refused(HandlerOutcome outcome, ClientError error, String reason) {
        return new HandlerFailure(outcome, ClientRefusedException.with(error, reason), reason);
    }

    /** Carries an {@code Error} through Reactor. */
    private static final class SignallableError extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SignallableError(Throwable error) {
            super(error);
        }
    }

    /** Keeps the types of Spring Security from being loaded where they are missing. */
    private static final class Denial {

        static boolean is(Throwable failure) {
            return failure instanceof AccessDeniedException || failure instanceof AuthenticationException;
        }
    }
}
