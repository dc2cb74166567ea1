package dev.realtime.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * Default convention of the observation {@code realtime.handler}: {@code handler} (class and method), {@code kind} (for
 * instance {@code rpc}), {@code outcome} ({@code success}, {@code refused}, {@code failed}, {@code timeout} or
 * {@code rejected}) and {@code error} (class of the exception, or {@code none}), all of low cardinality;
 * {@code channel} and {@code client} of high cardinality, for traces only.
 */
public class DefaultHandlerObservationConvention implements HandlerObservationConvention {

    @Override
    public String getName() {
        return "realtime.handler";
    }

    @Override
    public String getContextualName(HandlerObservationContext context) {
        return context.kind() + " " + context.handler();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(HandlerObservationContext context) {
        Throwable error = context.getError();
        return KeyValues.of(
                KeyValue.of("handler", context.handler()),
                KeyValue.of("kind", context.kind()),
                KeyValue.of(
                        "outcome",
                        context.outcome() == null
                                ? "unknown"
                                : context.outcome().id()),
                KeyValue.of("error", error == null ? "none" : error.getClass().getSimpleName()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(HandlerObservationContext context) {
        KeyValues client = KeyValues.of("client", context.client().clientId());
        return context.channel() == null ? client : client.and("channel", context.channel());
    }
}
