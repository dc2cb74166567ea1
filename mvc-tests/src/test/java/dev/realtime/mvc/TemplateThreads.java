package dev.realtime.mvc;

import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.template.RealtimeTemplate;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/** Services that use the blocking facade from other threads than those of requests, and around transactions. */
@TestConfiguration(proxyBeanMethods = false)
@EnableAsync
@Import({TemplateThreads.Service.class, TemplateThreads.Listener.class})
class TemplateThreads {

    /** Says that an order was placed. */
    record Placed(String channel, Order order) {}

    static class Service {

        private final RealtimeTemplate realtime;

        private final ApplicationEventPublisher events;

        Service(RealtimeTemplate realtime, ApplicationEventPublisher events) {
            this.realtime = realtime;
            this.events = events;
        }

        @Async
        public CompletableFuture<Thread> publish(String channel, Order order) {
            realtime.publish(channel, order);
            return CompletableFuture.completedFuture(Thread.currentThread());
        }

        @Async
        @Transactional
        public CompletableFuture<Thread> publishAfterCommit(String channel, Order order) {
            realtime.publishAfterCommit(channel, order);
            return CompletableFuture.completedFuture(Thread.currentThread());
        }

        @Transactional
        public void place(String channel, Order order) {
            events.publishEvent(new Placed(channel, order));
            if (order.number() < 1) {
                throw new IllegalArgumentException("There is no such order.");
            }
        }
    }

    static class Listener {

        private final RealtimeTemplate realtime;

        Listener(RealtimeTemplate realtime) {
            this.realtime = realtime;
        }

        @TransactionalEventListener
        void placed(Placed placed) {
            realtime.publish(placed.channel(), placed.order());
        }
    }
}
