package dev.realtime.endpoint;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;

/** What the event loops of servers in this virtual machine have done. */
public final class LoopThreads {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private LoopThreads() {}

    /** Processor time of all of them, in nanoseconds. */
    public static long cpuNanos() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().contains("-http-"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadCpuTime)
                .filter(nanos -> nanos > 0)
                .sum();
    }
}
