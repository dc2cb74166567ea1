package dev.realtime.handler.invocation;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.springframework.util.ClassUtils;
import reactor.util.context.ContextView;

/**
 * Reactor context of a call on the thread that it blocks: values of the application's {@code ThreadLocalAccessor}s,
 * such as the observation, and with it the trace and the MDC. Does nothing without Micrometer's context propagation.
 */
final class ThreadContext {

    private static final boolean AVAILABLE =
            ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory", ThreadContext.class.getClassLoader());

    private ThreadContext() {}

    /** Returns work that runs within a context. */
    static <T> BlockingCall.Work<T> within(ContextView context, BlockingCall.Work<T> work) {
        return AVAILABLE && !context.isEmpty() ? Snapshots.within(context, work) : work;
    }

    /** Loaded only where the library is on the class path. */
    private static final class Snapshots {

        private static final ContextSnapshotFactory FACTORY =
                ContextSnapshotFactory.builder().build();

        static <T> BlockingCall.Work<T> within(ContextView context, BlockingCall.Work<T> work) {
            return cancelled -> {
                ContextSnapshot.Scope scope = FACTORY.captureFrom(context).setThreadLocals();
                try {
                    return work.run(cancelled);
                } finally {
                    scope.close();
                }
            };
        }
    }
}
