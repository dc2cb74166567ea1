package dev.realtime.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * Default convention of the observation {@code realtime.publish}: {@code operation} ({@code publish}, {@code broadcast}
 * or {@code publish-to-user}) and {@code error} (class of the exception, or {@code none}) of low cardinality;
 * {@code channel} of high cardinality, for traces only.
 */
public class DefaultPublishObservationConvention implements PublishObservationConvention {

    @Override
    public String getName() {
        return "realtime.publish";
    }

    @Override
    public String getContextualName(PublishObservationContext context) {
        return "realtime " + context.operation();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
        Throwable error = context.getError();
        return KeyValues.of(
                KeyValue.of("operation", context.operation()),
                KeyValue.of("error", error == null ? "none" : error.getClass().getSimpleName()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(PublishObservationContext context) {
        return context.channel() == null ? KeyValues.empty() : KeyValues.of("channel", context.channel());
    }
}
