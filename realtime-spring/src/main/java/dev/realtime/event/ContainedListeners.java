package dev.realtime.event;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Publisher that calls each listener of the application context even if others fail. The context itself stops at the
 * first listener that fails. Failures are logged.
 *
 * <p>If the application defines a multicaster, which decides about failures and threads, the context publishes. Not
 * thread-safe: one thread publishes.
 */
public final class ContainedListeners implements ApplicationEventPublisher {

    private static final Logger logger = LoggerFactory.getLogger(ContainedListeners.class);

    private final AbstractApplicationContext context;

    private final @Nullable ApplicationEventPublisher parent;

    private final SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();

    /** Listeners that are registered with the multicaster. */
    private List<ApplicationListener<?>> known = List.of();

    /**
     * Creates a publisher.
     *
     * @param context the application context, whose parents receive the events too
     */
    public ContainedListeners(AbstractApplicationContext context) {
        this.context = context;
        this.parent = context.getParent() instanceof AbstractApplicationContext above
                ? new ContainedListeners(above)
                : context.getParent();
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        multicaster.setBeanFactory(beans);
        for (String name : beans.getBeanNamesForType(ApplicationListener.class, true, false)) {
            multicaster.addApplicationListenerBean(name);
        }
    }

    @Override
    public void publishEvent(Object event) {
        if (context.getBeanFactory()
                .containsBeanDefinition(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME)) {
            context.publishEvent(event);
            return;
        }
        updateListeners();
        multicaster.setErrorHandler(failure -> logger.error(
                "A listener of {} failed. Other listeners and later events are not affected.",
                event.getClass().getSimpleName(),
                failure));
        multicaster.multicastEvent(new PayloadApplicationEvent<>(context, event));
        if (parent != null) {
            parent.publishEvent(event);
        }
    }

    /** Listeners can be added and removed while the application runs. */
    private void updateListeners() {
        List<ApplicationListener<?>> now = List.copyOf(context.getApplicationListeners());
        if (!now.equals(known)) {
            known.forEach(multicaster::removeApplicationListener);
            now.forEach(multicaster::addApplicationListener);
            known = now;
        }
    }
}
