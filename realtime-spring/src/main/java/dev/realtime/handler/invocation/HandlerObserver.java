package dev.realtime.handler.invocation;

import dev.realtime.handler.HandlerOutcome;
import dev.realtime.handler.argument.HandlerCall;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Observer of the calls of handler methods. By itself it observes nothing. */
public class HandlerObserver {

    private static final Observed NOTHING = new Observed();

    /** Begins to observe a call that is made in a context. */
    protected Observed begin(HandlerMethod method, HandlerCall call, ContextView context) {
        return NOTHING;
    }

    /** A call that is observed. By itself it does nothing. */
    public static class Observed {

        /** Returns the context in which the method is called. */
        protected Context in(Context context) {
            return context;
        }

        /** Ends the observation; called once. */
        protected void ended(HandlerOutcome outcome, @Nullable Throwable failure) {}
    }
}
