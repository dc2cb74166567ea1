package dev.realtime.autoconfigure.engine;

import dev.realtime.autoconfigure.RealtimeProperties.EngineType;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Check for a node in an application without a reactive web server and without a port of its own, to which
 * clients cannot connect. Nothing is refused: one line in the log says what works.
 */
public final class NodeWithoutClientsCheck {

    private static final Logger logger = LoggerFactory.getLogger(NodeWithoutClientsCheck.class);

    private static final String SERVLET_CONTEXT = "org.springframework.web.context.WebApplicationContext";

    private static final String CURE = " For clients of its own use spring-boot-starter-webflux, or set"
            + " `spring.main.web-application-type=reactive`.";

    private NodeWithoutClientsCheck() {}

    /** Logs what works, if this is such an application. */
    public static void check(ApplicationContext context, EngineType engine) {
        if (context instanceof ReactiveWebApplicationContext
                || RealtimeServerProperties.hasPort(context.getEnvironment())) {
            return;
        }
        boolean servlet = isServletApplication(context);
        String kind = servlet ? "This is a servlet application" : "This application has no web server";
        if (engine == EngineType.MEMORY) {
            logger.warn(
                    "{}, so clients cannot connect to this node. The realtime beans work inside this process, with"
                            + " history and presence, but no client receives what is published. To reach clients of"
                            + " other nodes set `realtime.engine=redis`.{}",
                    kind,
                    servlet ? CURE : "");
        } else if (servlet) {
            logger.warn(
                    "{}, so clients cannot connect to this node; what it publishes reaches those of other nodes.{}",
                    kind,
                    CURE);
        } else {
            logger.info("{}, so this node only publishes, to the clients of other nodes.", kind);
        }
    }

    private static boolean isServletApplication(ApplicationContext context) {
        ClassLoader classLoader = context.getClassLoader();
        return ClassUtils.isPresent(SERVLET_CONTEXT, classLoader)
                && ClassUtils.resolveClassName(SERVLET_CONTEXT, classLoader).isInstance(context);
    }
}
