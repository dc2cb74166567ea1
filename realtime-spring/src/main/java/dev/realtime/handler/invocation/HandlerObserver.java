package dev.realtime.handler.invocation;

import dev.realtime.handler.HandlerOutcome;
import dev.realtime.handler.argument.HandlerCall;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Observer of the calls of handler methods. This class observes nothing. */
public class HandlerObserver {

    private static final Observed NOTHING = new Observed();

    /** Starts to observe a call in a Reactor context. */
    protected Observed begin(HandlerMethod method, HandlerCall call, ContextView context) {
        return NOTHING;
    }

    /** Observed call. This class does nothing. */
    public static class Observed {

        /** Returns the context in which the method is called. */
        protected Context in(Context context) {
            return context;
        }

        /** Ends the observation; called once. */
        protected void ended(HandlerOutcome outcome, @Nullable Throwable failure) {}
    }
}
