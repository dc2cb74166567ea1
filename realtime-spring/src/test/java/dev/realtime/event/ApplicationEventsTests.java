package dev.realtime.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.ReflectionUtils;

/** Events come in order, by one thread that is no event loop, and are dropped when the queue is full. */
class ApplicationEventsTests {

    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS) instanceof ChannelOccupiedEvent event ? event.channel() : "nothing";
    }

    @Test
    void eventsArePublishedInOrderByAThreadOfTheirOwn() throws InterruptedException {
        ApplicationEventPublisher publisher = event -> {
            told.add(event);
            threads.add(Thread.currentThread().getName());
        };
        try (ApplicationEvents events = new ApplicationEvents(publisher, 1_000)) {
            List<String> channels =
                    IntStream.range(0, 500).mapToObj(Integer::toString).toList();

            channels.forEach(events::onOccupied);

            for (String channel : channels) {
                assertThat(next()).isEqualTo(channel);
            }
            assertThat(threads).containsOnly("realtime-events");
        }
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("on purpose"),
                new NoClassDefFoundError("on purpose"),
                new StackOverflowError("on purpose"),
                new AssertionError("on purpose"),
                new OutOfMemoryError("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void listenerThatFailsCostsOnlyTheEventItFailedAt(Throwable failure) throws InterruptedException {
        ApplicationEventPublisher publisher = event -> {
            told.add(event);
            ReflectionUtils.rethrowRuntimeException(failure);
        };
        try (ApplicationEvents events = new ApplicationEvents(publisher, 10)) {
            events.onOccupied("a");
            events.onOccupied("b");

            assertThat(next()).isEqualTo("a");
            assertThat(next()).isEqualTo("b");
        }
    }

    @Test
    void loggerThatFailsTooDoesNotEndTheEvents() throws InterruptedException {
        class Unprintable extends RuntimeException {

            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
                throw new StackOverflowError("on purpose");
            }

            @Override
            public String getMessage() {
                throw new StackOverflowError("on purpose");
            }
        }
        ApplicationEventPublisher publisher = event -> {
            told.add(event);
            throw new Unprintable();
        };
        try (ApplicationEvents events = new ApplicationEvents(publisher, 10)) {
            events.onOccupied("a");
            events.onOccupied("b");

            assertThat(next()).isEqualTo("a");
            assertThat(next()).isEqualTo("b");
        }
    }

    @Test
    void eventsOverTheBoundAreLostAndCounted() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ApplicationEventPublisher publisher = event -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add(event);
        };
        try (ApplicationEvents events = new ApplicationEvents(publisher, 2)) {
            events.onOccupied("told");
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            events.onOccupied("waits");
            events.onOccupied("waits too");

            events.onOccupied("lost");
            events.onOccupied("lost too");

            assertThat(events.dropped()).isEqualTo(2);
            assertThat(events.waiting()).isEqualTo(2);
            goOn.countDown();
            assertThat(next()).isEqualTo("told");
            assertThat(next()).isEqualTo("waits");
            assertThat(next()).isEqualTo("waits too");
        }
    }

    @Test
    void whatWaitsIsToldWhenItClosesAndWhatComesLaterIsLostAndCounted() throws InterruptedException {
        ApplicationEvents events = new ApplicationEvents(told::add, 10);
        events.onOccupied("waits");

        events.close();
        events.onOccupied("too late");

        assertThat(next()).isEqualTo("waits");
        assertThat(told).isEmpty();
        assertThat(events.dropped()).isEqualTo(1);
    }
}
