package dev.realtime.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Convention for the names and key values of the observations of publishing. A bean of this type replaces
 * {@link DefaultPublishObservationConvention}.
 */
public interface PublishObservationConvention extends ObservationConvention<PublishObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof PublishObservationContext;
    }
}
