package dev.realtime.autoconfigure;

import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.RealtimeNode;
import org.springframework.beans.factory.ListableBeanFactory;

/** Check for a node in a parent context, beside which a context would have neither a node of its own nor handlers. */
final class ParentNodeCheck {

    private ParentNodeCheck() {}

    /** @throws ConfigurationProblemException if the node is one of a parent context */
    static void check(ListableBeanFactory beans) {
        if (beans.getBeanNamesForType(RealtimeNode.class, true, false).length == 0) {
            throw new ConfigurationProblemException(
                    "realtime.enabled",
                    "A parent of this application context has a realtime node already. It would be started twice, and"
                            + " would not find the handlers of this context.",
                    "Keep auto-configuration in one of the two: in the context with the web server and the handlers."
                            + " Leave it out of the other with `spring.autoconfigure.exclude`, or make that a"
                            + " configuration without `@EnableAutoConfiguration`.");
        }
    }
}
