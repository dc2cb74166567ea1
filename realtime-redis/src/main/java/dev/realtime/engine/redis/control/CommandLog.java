package dev.realtime.engine.redis.control;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.control.CommandHistory.Sent;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.ScriptCall;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Commands to all nodes: published, and kept for some minutes, so that a node whose subscription was interrupted reads
 * what it missed. Commands reach the receiver once each, in the order in which they were sent.
 *
 * <p>Each entry names the one before it. Where that is not the latest one that this node has, messages were missed, and
 * the log is read from there. If the log does not continue there either, it is not the same log any more, or not all of
 * it, and is repaired:
 *
 * <ol>
 *   <li>All of the log is read. What this node did not receive yet is received now, unless it is too old. Where the log
 *       ends before what this node had read, ids do not say what is new: another server may have begun it again, with a
 *       clock that is behind. Then what was sent since this node was last up to date is.
 *   <li>What this node sent and the log lacks is sent again. The others see by its identity whether they had it.
 *   <li>If commands may be missing that no node can send again, because they were removed from the log before this node
 *       read them or are too old, the receiver is notified of it.
 * </ol>
 *
 * <p>Lock: the monitor of this object; commands are received under it, since that is what keeps the order. It is
 * contended only while something missed is read.
 */
final class CommandLog {

    private static final Logger logger = LoggerFactory.getLogger(CommandLog.class);

    /** Tolerance for the drift between the clocks of a node and of Redis, and for the time of a reply. */
    private static final long CLOCK_MILLIS = 1000;

    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private final RedisScripts scripts;

    private final CommandScripts commands;

    private final Receiver receiver;

    /** Not guessable, so that nodes do not give the same identity to two commands. */
    private final AtomicLong nextIdentity = new AtomicLong(new SecureRandom().nextLong());

    /** Guarded by this. */
    private final CommandHistory history = new CommandHistory(CommandScripts.AGE, System::nanoTime);

    /** The latest command that came, or the latest there was at the start. Guarded by this. */
    private CommandId latest = CommandId.NONE;

    /** The latest command there was when the log was last checked. Guarded by this. */
    private CommandId expected = CommandId.NONE;

    /**
     * When this node had certainly received all of the log, in the sense of {@code System.nanoTime()}. Guarded by this.
     */
    private long completeAt = System.nanoTime();

    /** Whether {@link #latest} is known, so that missed commands can be detected. Guarded by this. */
    private boolean known;

    /** Whether what was missed is being read; it is read again if another interruption comes. Guarded by this. */
    private boolean reading;

    private boolean readAgain;

    /** The repair in progress. Guarded by this. */
    private @Nullable Repair repair;

    private volatile boolean stopped;

    /** Receiver of commands. Must return quickly. */
    interface Receiver {

        /** Receives a command of some node, this one included. */
        void received(byte[] command);

        /**
         * Commands may be missing that cannot be had any more.
         *
         * @param reason the end of a sentence
         */
        void missed(String reason);
    }

    private static final class Repair {

        private final Set<Long> kept = new HashSet<>();

        private final CommandId before;

        /** Where the next page begins. */
        private CommandId after;

        private boolean first = true;

        /**
         * Returns the longest time in milliseconds that a command may have been in the log since this node was up to
         * date.
         */
        private final long youngMillis;

        Repair(CommandId before, CommandId after, long youngMillis) {
            this.before = before;
            this.after = after;
            this.youngMillis = youngMillis;
        }
    }

    CommandLog(RedisKeys keys, RedisScripts scripts, GarbageLog garbage, int partition, Receiver receiver) {
        this.scripts = scripts;
        this.commands = new CommandScripts(keys, scripts, garbage, partition);
        this.receiver = receiver;
    }

    /** Learns where the log ends; to be called when the name is subscribed to. */
    Mono<Void> start() {
        return scripts.run(commands.missed(""))
                .doOnNext(reply -> {
                    CommandId end = CommandScripts.top(reply);
                    synchronized (this) {
                        known = true;
                        latest = end.isAfter(latest) ? end : latest;
                        history.startAt(latest);
                        completeAt = System.nanoTime();
                    }
                })
                .then();
    }

    void stop() {
        stopped = true;
    }

    /**
     * Reads the log if a command that was in it when this was last called has not come: whatever became of the
     * messages, commands reach this node after two calls.
     */
    Mono<Void> check() {
        return Mono.defer(() -> {
            CommandId before = latest();
            long askedAt = System.nanoTime();
            return scripts.run(commands.missed(""))
                    .doOnNext(reply -> {
                        if (isLate(CommandScripts.top(reply), before, askedAt)) {
                            onInterruption();
                        }
                    })
                    .then();
        });
    }

    private synchronized CommandId latest() {
        return latest;
    }

    /**
     * @param before the latest command when the log was asked for its end, which is not behind that unless it was set
     *     back
     */
    private synchronized boolean isLate(CommandId end, CommandId before, long askedAt) {
        boolean late = expected.isAfter(latest) || before.isAfter(end);
        expected = end;
        if (!reading && end.equals(latest)) {
            completeAt = askedAt;
        }
        return late;
    }

    Mono<Void> send(byte[] command) {
        return Mono.defer(() -> send(nextIdentity.incrementAndGet(), command));
    }

    private Mono<Void> send(long identity, byte[] command) {
        return scripts.run(commands.send(identity, command))
                .doOnNext(id -> {
                    synchronized (this) {
                        history.sent(identity, CommandId.of(id), command);
                    }
                })
                .then();
    }

    /** Receives a message of the form that {@link CommandEntry#ofMessage} reads. */
    void onMessage(byte[] message) {
        CommandEntry entry = CommandEntry.ofMessage(message);
        if (!receive(entry)) {
            onInterruption();
        }
    }

    /** Returns {@code false} if something before it is missing. */
    private synchronized boolean receive(CommandEntry entry) {
        if (reading) {
            // What is read from the log has it, in its order.
            readAgain = true;
            return true;
        }
        if (known && !entry.previous().equals(latest)) {
            // What came before its turn was read from the log already. The id says nothing: see above.
            return history.isKnown(entry);
        }
        latest = entry.id();
        deliver(entry);
        return true;
    }

    private void deliver(CommandEntry entry) {
        if (history.isNew(entry)) {
            history.received(entry);
            receiver.received(entry.command());
        }
    }

    /** Messages may have been missed. */
    void onInterruption() {
        synchronized (this) {
            if (!known || reading) {
                readAgain = reading;
                return;
            }
            reading = true;
        }
        read(FIRST_PAUSE_MILLIS);
    }

    private void read(long pauseMillis) {
        if (stopped) {
            return;
        }
        String after;
        synchronized (this) {
            readAgain = false;
            after = (repair == null ? latest : repair.after).toString();
        }
        scripts.run(commands.missed(after), new ScriptCall.Observer<>() {

            @Override
            public void succeeded(List<Object> reply) {
                if (receiveAll(reply)) {
                    read(FIRST_PAUSE_MILLIS);
                }
            }

            @Override
            public void failed(EngineException error) {
                logger.debug("Could not read missed commands; retrying: {}", error.toString());
                readLater(pauseMillis);
            }
        });
    }

    private void readLater(long pauseMillis) {
        long next = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
        long pause = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis);
        try {
            scripts.scheduler().schedule(() -> read(next), pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The engine has stopped; nothing is read");
        }
    }

    /** Returns whether there may be more. */
    private boolean receiveAll(List<Object> reply) {
        CommandScripts.Page page = commands.page(reply);
        CommandId top = page.top();
        List<CommandEntry> entries = page.entries();
        long oldest = page.now() - CommandScripts.AGE.toMillis();
        String missed;
        List<Sent> lost = List.of();
        boolean more;
        synchronized (this) {
            if (repair == null && !continues(entries, top)) {
                boolean setBack = history.floor().isAfter(top);
                repair = new Repair(
                        latest,
                        setBack ? CommandId.NONE : history.floor(),
                        setBack ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - completeAt) + CLOCK_MILLIS : -1);
                return true;
            }
            Repair repairing = repair;
            missed = repairing == null ? null : removed(repairing, entries);
            for (CommandEntry entry : entries) {
                if (repairing != null) {
                    repairing.kept.add(entry.identity());
                }
                boolean young = repairing != null && page.now() - entry.id().millis() <= repairing.youngMillis;
                if (entry.id().millis() < oldest && history.isNew(entry)) {
                    history.received(entry);
                    missed = "some are older than " + CommandScripts.AGE.toMinutes() + " minutes";
                } else if (history.isNew(entry) || young && !history.isKnown(entry)) {
                    history.received(entry);
                    receiver.received(entry.command());
                }
            }
            more = page.isFull();
            advance(page.last());
            if (repairing != null && !more) {
                latest = top;
                history.setBackTo(top);
                lost = history.lost(repairing.kept);
                repair = null;
            }
            more |= readAgain;
            reading = more;
            if (!more) {
                completeAt = System.nanoTime();
            }
        }
        if (missed != null) {
            receiver.missed(missed);
        }
        sendAgain(lost);
        return more;
    }

    private void advance(@Nullable CommandId last) {
        if (last == null) {
            return;
        }
        if (repair == null) {
            latest = last;
        } else {
            repair.after = last;
        }
    }

    /** Returns whether the log is the one that was read before, and begins where that ended. */
    private boolean continues(List<CommandEntry> entries, CommandId top) {
        return entries.isEmpty()
                ? top.equals(latest)
                : entries.get(0).previous().equals(latest);
    }

    private static @Nullable String removed(Repair repair, List<CommandEntry> entries) {
        boolean first = repair.first && !entries.isEmpty();
        repair.first = false;
        return first && entries.get(0).previous().isAfter(repair.before)
                ? "Redis keeps them for " + CommandScripts.AGE.toMinutes()
                        + " minutes, and removed some before this node read them"
                : null;
    }

    private void sendAgain(List<Sent> lost) {
        for (Sent one : lost) {
            send(one.identity(), one.command())
                    .subscribe(
                            nothing -> {},
                            error -> logger.warn("Could not resend a command that Redis lost: {}", error.toString()));
        }
    }
}
