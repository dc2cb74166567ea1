package dev.realtime.test.autoconfigure;

import dev.realtime.test.PublicationRecorder;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestClock;
import dev.realtime.test.RealtimeTestCluster;
import dev.realtime.test.RealtimeTestEngine;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Lets each test begin with nothing recorded, and after it closes its clients and ends its faults, its second node and
 * its time, while the application context still runs.
 */
class RealtimeTestExecutionListener implements TestExecutionListener, Ordered {

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE - 100;
    }

    @Override
    public void beforeTestMethod(TestContext test) {
        if (test.hasApplicationContext()) {
            ApplicationContext context = test.getApplicationContext();
            context.getBeanProvider(PublicationRecorder.class).ifAvailable(PublicationRecorder::begin);
            context.getBeanProvider(RealtimeTestClients.class).ifAvailable(RealtimeTestClients::begin);
        }
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
            context.getBeanProvider(RealtimeTestCluster.class).ifAvailable(RealtimeTestCluster::reset);
            context.getBeanProvider(RealtimeTestEngine.class).ifAvailable(RealtimeTestEngine::heal);
            context.getBeanProvider(RealtimeTestClock.class).ifAvailable(RealtimeTestClock::reset);
        }
    }
}
