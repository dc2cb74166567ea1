package dev.realtime.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * Recorder of the publications of the application since the test began: successful ones of {@code RealtimePublisher}
 * and {@code RealtimeTemplate}, those after a commit once it was committed. Publications of clients are not recorded.
 * Use it with AssertJ: {@code assertThat(recorder).hasNoPublications()}.
 *
 * <p>Beans of the application that implement {@code RealtimePublisher}, and spies, are not replaced: publications that
 * they delegate to the publisher of the starter are recorded there.
 *
 * <p>Tests that run at the same time in one application context see each other's publications: use different
 * channels, and name the channel in each assertion.
 */
public final class PublicationRecorder implements AssertProvider<PublicationRecorderAssert> {

    private static final int MAX_ENTRIES = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private record Entry(long number, RecordedPublication publication) {}

    /** Guarded by this. */
    private final List<Entry> entries = new ArrayList<>();

    /** Publications that wait for a commit, or were rolled back. Guarded by this. */
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    /** Guarded by this. */
    private long lastNumber;

    /** Number of the last publication before the test that runs on the thread; null on a thread without a test. */
    private final ThreadLocal<@Nullable Long> begin = new ThreadLocal<>();

    /** Number of the last publication before the test that began last. Guarded by this. */
    private long lastBegin;

    /** One publication that waits for a commit; each is another, whatever it holds. */
    static final class Waiting {

        private final RecordedPublication publication;

        private final long number;

        private Waiting(RecordedPublication publication, long number) {
            this.publication = publication;
            this.number = number;
        }
    }

    /** Ignores earlier publications in the test on this thread. */
    public synchronized void begin() {
        lastBegin = lastNumber;
        begin.set(lastNumber);
    }

    /** Another thread than that of a test, for instance one that waits for an assertion, belongs to the last test. */
    private long since(@Nullable Long ofThread) {
        return ofThread == null ? lastBegin : ofThread;
    }

    synchronized void published(RecordedPublication publication) {
        if (entries.size() == MAX_ENTRIES) {
            entries.remove(0);
        }
        entries.add(new Entry(++lastNumber, publication));
        notifyAll();
    }

    synchronized Waiting registered(RecordedPublication publication) {
        Waiting one = new Waiting(publication, ++lastNumber);
        if (waiting.size() == MAX_ENTRIES) {
            waiting.remove(waiting.iterator().next());
        }
        waiting.add(one);
        return one;
    }

    synchronized void committed(Waiting one) {
        waiting.remove(one);
        published(one.publication);
    }

    /** Returns the publications since the test began, in order. */
    public synchronized List<RecordedPublication> publications() {
        long first = since(begin.get());
        return entries.stream()
                .filter(entry -> entry.number() > first)
                .map(Entry::publication)
                .toList();
    }

    /** Returns the publications into a channel since the test began, in order. */
    public List<RecordedPublication> publications(String channel) {
        return publications().stream()
                .filter(publication -> publication.channel().equals(channel))
                .toList();
    }

    /** Returns the publications that were registered for a commit that has not happened, or was rolled back. */
    public synchronized List<RecordedPublication> uncommitted() {
        long first = since(begin.get());
        return waiting.stream()
                .filter(one -> one.number > first)
                .map(one -> one.publication)
                .toList();
    }

    /**
     * Waits for a publication into a channel, for applications that publish on another thread; 5 s at most.
     *
     * @return the first one since the test began
     * @throws AssertionError if there is none in time
     */
    public RecordedPublication awaitPublication(String channel) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (this) {
            while (publications(channel).isEmpty()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new AssertionError("Expected a publication into '" + channel + "' within "
                            + PATIENCE.toSeconds() + " s." + describe());
                }
                try {
                    wait(millis);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(
                            "The test was interrupted while it waited for a publication.", interrupted);
                }
            }
            return publications(channel).get(0);
        }
    }

    /** Describes the publications, for a message. */
    String describe() {
        List<RecordedPublication> all = publications();
        List<RecordedPublication> rolledBack = uncommitted();
        return (all.isEmpty() ? " The application published nothing." : " The application published:" + lines(all))
                + (rolledBack.isEmpty() ? "" : "\nNot published, for want of a commit:" + lines(rolledBack));
    }

    private static String lines(List<RecordedPublication> publications) {
        return publications.stream()
                .limit(20)
                .map(publication -> "\n  " + publication)
                .collect(Collectors.joining());
    }

    @Override
    public PublicationRecorderAssert assertThat() {
        return new PublicationRecorderAssert(this);
    }

    @Override
    public String toString() {
        return "publications of the application";
    }
}
