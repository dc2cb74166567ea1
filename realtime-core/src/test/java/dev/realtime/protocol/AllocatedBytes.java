package dev.realtime.protocol;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes of heap that the current thread allocates, as the JVM counts them. */
final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Work to measure. */
    interface Work {

        void run() throws Exception;
    }

    private AllocatedBytes() {}

    static long during(Work work) throws Exception {

        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
