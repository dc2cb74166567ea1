package dev.realtime.autoconfigure;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.handler.hook.HandlersBuilder;
import dev.realtime.observation.HandlerObservationConvention;
import dev.realtime.observation.HandlerObservations;
import dev.realtime.observation.ObservedPublisher;
import dev.realtime.observation.PublishObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Observations of handlers and of publishing, if the application has an active {@code ObservationRegistry}.
 */
public final class Observations {

    private static final boolean MICROMETER =
            ClassUtils.isPresent("io.micrometer.observation.ObservationRegistry", Observations.class.getClassLoader());

    private Observations() {}

    /** Observes the calls of handler methods. */
    public static void addTo(HandlersBuilder builder, BeanFactory beans) {
        if (MICROMETER) {
            Registered.addTo(builder, beans);
        }
    }

    /** Returns an observed publisher, or the same publisher without an active registry. */
    static RealtimePublisher of(RealtimePublisher publisher, BeanFactory beans) {
        return MICROMETER ? Registered.of(publisher, beans) : publisher;
    }

    /** Loaded only where Micrometer is on the class path. */
    private static final class Registered {

        public static void addTo(HandlersBuilder builder, BeanFactory beans) {
            ObservationRegistry registry = registry(beans);
            if (registry != null) {
                builder.observer(new HandlerObservations(
                        registry,
                        beans.getBeanProvider(HandlerObservationConvention.class)
                                .getIfAvailable()));
            }
        }

        static RealtimePublisher of(RealtimePublisher publisher, BeanFactory beans) {
            ObservationRegistry registry = registry(beans);
            return registry == null
                    ? publisher
                    : new ObservedPublisher(
                            publisher,
                            registry,
                            beans.getBeanProvider(PublishObservationConvention.class)
                                    .getIfAvailable());
        }

        private static @Nullable ObservationRegistry registry(BeanFactory beans) {
            ObservationRegistry registry =
                    beans.getBeanProvider(ObservationRegistry.class).getIfUnique();
            return registry == null || registry.isNoop() ? null : registry;
        }
    }
}
