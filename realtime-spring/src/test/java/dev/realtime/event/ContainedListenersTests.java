package dev.realtime.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.Order;

/** Each listener receives its events, whatever the others do. */
@ExtendWith(OutputCaptureExtension.class)
class ContainedListenersTests {

    private static final ChannelOccupiedEvent EVENT = new ChannelOccupiedEvent("a");

    private final List<String> received = new ArrayList<>();

    class Listeners {

        @EventListener
        @Order(1)
        void fails(RealtimeEvent event) {
            received.add("fails");
            throw new NoClassDefFoundError("on purpose");
        }

        @EventListener
        @Order(2)
        void works(ChannelOccupiedEvent event) {
            received.add("works");
        }

        @EventListener
        void other(ChannelVacatedEvent event) {
            received.add("other");
        }
    }

    class ListenerBean implements ApplicationListener<PayloadApplicationEvent<ChannelOccupiedEvent>> {

        @Override
        public void onApplicationEvent(PayloadApplicationEvent<ChannelOccupiedEvent> event) {
            received.add("bean");
        }
    }

    private AnnotationConfigApplicationContext context() {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean("listeners", Listeners.class, Listeners::new);
        context.registerBean("bean", ListenerBean.class, ListenerBean::new);
        return context;
    }

    @Test
    void listenerThatFailsDoesNotCostTheOthersTheEvent(CapturedOutput output) {
        try (AnnotationConfigApplicationContext context = context()) {
            context.refresh();

            new ContainedListeners(context).publishEvent(EVENT);
        }

        assertThat(received).containsExactlyInAnyOrder("fails", "works", "bean");
        assertThat(output)
                .containsOnlyOnce("A listener of ChannelOccupiedEvent failed")
                .contains("on purpose");
    }

    @Test
    void listenersThatComeAndGoLaterAreRespected() {
        try (AnnotationConfigApplicationContext context = context()) {
            context.refresh();
            ContainedListeners listeners = new ContainedListeners(context);
            listeners.publishEvent(EVENT);
            received.clear();
            ApplicationListener<PayloadApplicationEvent<ChannelOccupiedEvent>> late =
                    ApplicationListener.forPayload(event -> received.add("late"));

            context.addApplicationListener(late);
            listeners.publishEvent(EVENT);
            context.removeApplicationListener(late);
            listeners.publishEvent(EVENT);
        }

        assertThat(received).filteredOn("late"::equals).hasSize(1);
        assertThat(received).filteredOn("works"::equals).hasSize(2);
    }

    @Test
    void listenersOfTheParentContextReceiveItToo() {
        try (AnnotationConfigApplicationContext parent = context();
                GenericApplicationContext context = new GenericApplicationContext(parent)) {
            parent.refresh();
            context.refresh();

            new ContainedListeners(context).publishEvent(EVENT);
        }

        assertThat(received).contains("fails", "works");
    }

    @Test
    void multicasterOfTheApplicationDecidesItself() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean("applicationEventMulticaster", SimpleApplicationEventMulticaster.class);
            context.addApplicationListener(ApplicationListener.forPayload((ChannelOccupiedEvent event) -> {
                throw new IllegalStateException("on purpose");
            }));
            context.refresh();
            ContainedListeners listeners = new ContainedListeners(context);

            assertThatIllegalStateException().isThrownBy(() -> listeners.publishEvent(EVENT));
        }
    }
}
