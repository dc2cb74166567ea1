package dev.realtime.handler.invocation;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.springframework.util.ClassUtils;
import reactor.util.context.ContextView;

/**
 * The Reactor context of a call on the thread that it blocks: whatever the application's {@code ThreadLocalAccessor}s
 * know, such as the observation, and with it the trace and the MDC. Needs Micrometer's context propagation; does
 * nothing without.
 */
final class ThreadContext {

    private static final boolean AVAILABLE =
            ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory", ThreadContext.class.getClassLoader());

    private ThreadContext() {}

    /** Returns work that is done within a context. */
    static <T> BlockingCall.Work<T> within(ContextView context, BlockingCall.Work<T> work) {
        return AVAILABLE && !context.isEmpty() ? Snapshots.within(context, work) : work;
    }

    /** Loaded only where the library is on the class path. */
    private static final class Snapshots {

        private static final ContextSnapshotFactory FACTORY =
                ContextSnapshotFactory.builder().build();

        static <T> BlockingCall.Work<T> within(ContextView context, BlockingCall.Work<T> work) {
            return givenUp -> {
                ContextSnapshot.Scope scope = FACTORY.captureFrom(context).setThreadLocals();
                try {
                    return work.run(givenUp);
                } finally {
                    scope.close();
                }
            };
        }
    }
}
