package dev.realtime.test.autoconfigure;

import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestClock;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Closes the clients of a test after it and resets the clock. Comes last before the test and first after it, so that a
 * user such as that of {@code @WithMockUser} is there, and the application context still runs.
 */
class RealtimeTestExecutionListener implements TestExecutionListener, Ordered {

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE - 100;
    }

    @Override
    public void afterTestMethod(TestContext test) {
        if (!test.hasApplicationContext()) {
            return;
        }
        ApplicationContext context = test.getApplicationContext();
        try {
            context.getBeanProvider(RealtimeTestClients.class)
                    .ifAvailable(clients -> clients.closeAll(test.getTestException() != null));
        } finally {
            context.getBeanProvider(RealtimeTestClock.class).ifAvailable(RealtimeTestClock::reset);
        }
    }
}
