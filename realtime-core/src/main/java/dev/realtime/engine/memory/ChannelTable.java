package dev.realtime.engine.memory;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Table of the channels of an engine: one row for each channel with something alive, each under its own lock.
 *
 * <p>The lock of a row is the monitor of the row. It is held while work runs on the row: work on one channel happens
 * one after the other, work on different channels at the same time. Work must not ask for the lock of another row.
 *
 * <p>A row without content is forgotten, and a channel used again gets a new one. This is the race to prevent:
 *
 * <pre>
 *   thread A: finds row 1                     thread B: removes the last content of row 1
 *                                             thread B: forgets row 1
 *   thread A: writes into row 1               thread C: makes row 2 for the same channel
 * </pre>
 *
 * <p>What A writes would be lost. So B marks the row under its lock, and a thread that gets the lock of a marked row
 * looks for the row again.
 *
 * <p>Time works in two ways. Each use first removes from its row what has expired, so that it is never visible.
 * {@link #sweep()} goes round all rows, some at a time, to remove unused rows.
 */
final class ChannelTable<R extends ChannelTable.Row> {

    /** State of one channel. Every member is guarded by the lock of the row. */
    abstract static class Row {

        /** Whether the table has forgotten this row. */
        boolean forgotten;

        /** Removes what has expired. */
        abstract void expire(long nowMillis);

        /** Returns whether nothing is left that is worth keeping. */
        abstract boolean isEmpty();
    }

    /** Operation on a row under its lock. */
    @FunctionalInterface
    interface Work<R, T> {

        T apply(R row, long nowMillis);
    }

    /** Rows that one sweep visits, unless a round over all of them would take more than {@link #SWEEPS_PER_ROUND}. */
    static final int ROWS_PER_SWEEP = 10_000;

    private static final int SWEEPS_PER_ROUND = 60;

    private final ConcurrentHashMap<String, R> rows = new ConcurrentHashMap<>();

    private final Supplier<R> newRow;

    private final LongSupplier nanoTime;

    /** Rows that this round has still to visit. Owner: the thread that sweeps, one at a time. */
    private Iterator<Map.Entry<String, R>> round = Collections.emptyIterator();

    /** @param nanoTime a clock that only goes forward */
    ChannelTable(Supplier<R> newRow, LongSupplier nanoTime) {
        this.newRow = newRow;
        this.nanoTime = nanoTime;
    }

    /** Works on the row of a channel, a new one if there is none. */
    <T> T use(String channel, Work<? super R, T> work) {
        while (true) {
            R row = rows.get(channel);
            if (row == null) {
                row = rows.computeIfAbsent(channel, name -> newRow.get());
            }
            synchronized (row) {
                if (!row.forgotten) {
                    return use(channel, row, work);
                }
            }
        }
    }

    /** Works on the row of a channel, or returns {@code otherwise} if there is none. */
    <T> T useIfKept(String channel, T otherwise, Work<? super R, T> work) {
        while (true) {
            R row = rows.get(channel);
            if (row == null) {
                return otherwise;
            }
            synchronized (row) {
                if (!row.forgotten) {
                    return use(channel, row, work);
                }
            }
        }
    }

    private <T> T use(String channel, R row, Work<? super R, T> work) {
        long nowMillis = nowMillis();
        row.expire(nowMillis);
        T result = work.apply(row, nowMillis);
        forgetIfEmpty(channel, row);
        return result;
    }

    private void forgetIfEmpty(String channel, R row) {
        if (row.isEmpty()) {
            row.forgotten = true;
            rows.remove(channel, row);
        }
    }

    /** Frees what has expired in the next rows of the round. Must not be called by two threads at a time. */
    void sweep() {
        long nowMillis = nowMillis();
        long kept = rows.mappingCount();
        long budget = Math.min(kept, Math.max(ROWS_PER_SWEEP, kept / SWEEPS_PER_ROUND));
        if (!round.hasNext()) {
            round = rows.entrySet().iterator();
        }
        for (long visited = 0; visited < budget && round.hasNext(); visited++) {
            Map.Entry<String, R> entry = round.next();
            R row = entry.getValue();
            synchronized (row) {
                if (!row.forgotten) {
                    row.expire(nowMillis);
                    forgetIfEmpty(entry.getKey(), row);
                }
            }
        }
    }

    /** Forgets everything. */
    void clear() {
        for (Map.Entry<String, R> entry : rows.entrySet()) {
            R row = entry.getValue();
            synchronized (row) {
                row.forgotten = true;
                rows.remove(entry.getKey(), row);
            }
        }
    }

    /** Number of channels with something alive or not yet swept. */
    long size() {
        return rows.mappingCount();
    }

    /** Does something at the present time of the table. */
    void atNow(LongConsumer action) {
        action.accept(nowMillis());
    }

    private long nowMillis() {
        return nanoTime.getAsLong() / 1_000_000;
    }
}
