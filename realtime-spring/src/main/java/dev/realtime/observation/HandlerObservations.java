package dev.realtime.observation;

import dev.realtime.handler.HandlerOutcome;
import dev.realtime.handler.argument.HandlerCall;
import dev.realtime.handler.invocation.HandlerMethod;
import dev.realtime.handler.invocation.HandlerObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Micrometer observations of the calls of handler methods. The parent is the observation of the Reactor context, if
 * there is one, for instance that of a request to the HTTP API. Loaded only where Micrometer is on the class path.
 */
public final class HandlerObservations extends HandlerObserver {

    private static final HandlerObservationConvention DEFAULT = new DefaultHandlerObservationConvention();

    private final ObservationRegistry registry;

    private final @Nullable HandlerObservationConvention convention;

    /**
     * Creates the observations.
     *
     * @param registry registry of the observations
     * @param convention names and key values; {@code null} for {@link DefaultHandlerObservationConvention}
     */
    public HandlerObservations(ObservationRegistry registry, @Nullable HandlerObservationConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    protected Observed begin(HandlerMethod method, HandlerCall call, ContextView context) {
        HandlerObservationContext observed = new HandlerObservationContext(
                method.statistics().method(),
                method.kind().id(),
                call.channel() == null ? null : call.channel().name(),
                call.client());
        Observation observation = Observation.createNotStarted(convention, DEFAULT, () -> observed, registry);
        Observation parent = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
        if (parent != null) {
            observation.parentObservation(parent);
        }
        return new Call(observation.start(), observed);
    }

    private static final class Call extends Observed {

        private final Observation observation;

        private final HandlerObservationContext observed;

        Call(Observation observation, HandlerObservationContext observed) {
            this.observation = observation;
            this.observed = observed;
        }

        @Override
        protected Context in(Context context) {
            return context.put(ObservationThreadLocalAccessor.KEY, observation);
        }

        @Override
        protected void ended(HandlerOutcome outcome, @Nullable Throwable failure) {
            observed.ended(outcome);
            if (failure != null && outcome != HandlerOutcome.REFUSED) {
                observation.error(failure);
            }
            observation.stop();
        }
    }
}
