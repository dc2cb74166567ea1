package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.mvc.TemplateThreads.Service;
import dev.realtime.template.RealtimeTemplate;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Threads on which the blocking facade works. Each test has a channel of its own. */
abstract class TemplateThreadsContract {

    private final String channel = "orders:" + UUID.randomUUID();

    @Autowired
    private Service service;

    @Autowired
    private RealtimeTemplate realtime;

    /** Checks the thread of an asynchronous method. */
    abstract void verify(Thread thread);

    @Test
    void asynchronousMethodPublishes() throws Exception {
        verify(service.publish(channel, new Order(1)).get(10, TimeUnit.SECONDS));

        assertThat(realtime.history(channel, HistoryQuery.latest(1), Order.class)
                        .data())
                .containsExactly(new Order(1));
    }

    @Test
    void asynchronousMethodPublishesAfterItsCommit() throws Exception {
        verify(service.publishAfterCommit(channel, new Order(2)).get(10, TimeUnit.SECONDS));

        assertThat(realtime.history(channel, HistoryQuery.latest(1), Order.class)
                        .data())
                .containsExactly(new Order(2));
    }

    @Test
    void listenerPublishesWhenTheTransactionHasCommitted() {
        service.place(channel, new Order(3));

        assertThat(realtime.history(channel, HistoryQuery.latest(1), Order.class)
                        .data())
                .containsExactly(new Order(3));
    }

    @Test
    void listenerPublishesNothingWhenTheTransactionRollsBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> service.place(channel, new Order(0)));

        assertThat(realtime.history(channel, HistoryQuery.latest(1)).publications())
                .isEmpty();
    }
}
