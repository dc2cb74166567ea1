package dev.realtime.handler;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Observer of the calls of handler methods. By itself it observes nothing. */
public class HandlerObserver {

    private static final Observed NOTHING = new Observed();

    /** Begins to observe a call that is made in a context. */
    Observed begin(HandlerMethod method, HandlerCall call, ContextView context) {
        return NOTHING;
    }

    /** A call that is observed. By itself it does nothing. */
    public static class Observed {

        /** Returns the context in which the method is called. */
        Context in(Context context) {
            return context;
        }

        /** Ends the observation; called once. */
        void ended(HandlerOutcome outcome, @Nullable Throwable failure) {}
    }
}
