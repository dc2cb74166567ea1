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
 * Publisher that gives each listener of the application context its event, whatever happens in the others. The context
 * itself stops at the first listener that fails. What a listener throws is logged.
 *
 * <p>An application that brings a multicaster of its own has decided about failures and threads; its context publishes
 * then. Not thread-safe: one thread publishes.
 */
public final class ContainedListeners implements ApplicationEventPublisher {

    private static final Logger logger = LoggerFactory.getLogger(ContainedListeners.class);

    private final AbstractApplicationContext context;

    private final @Nullable ApplicationEventPublisher parent;

    private final SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();

    /** The listeners that the multicaster knows. */
    private List<ApplicationListener<?>> known = List.of();

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
        learnListeners();
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
    private void learnListeners() {
        List<ApplicationListener<?>> now = List.copyOf(context.getApplicationListeners());
        if (!now.equals(known)) {
            known.forEach(multicaster::removeApplicationListener);
            now.forEach(multicaster::addApplicationListener);
            known = now;
        }
    }
}
