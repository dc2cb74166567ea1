package dev.realtime.autoconfigure.engine;

import dev.realtime.autoconfigure.RealtimeProperties.EngineType;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Check for a node in an application without a web stack that serves clients and without a port of its own. Nothing is
 * refused: one line in the log says what works.
 */
public final class NodeWithoutClientsCheck {

    private static final Logger logger = LoggerFactory.getLogger(NodeWithoutClientsCheck.class);

    private static final String SERVLET_CONTEXT = "org.springframework.web.context.WebApplicationContext";

    private static final String[] SERVLET_ENDPOINT = {
        "org.springframework.web.servlet.DispatcherServlet", "dev.realtime.webmvc.EndpointMapping"
    };

    private static final String CURE =
            " For clients of its own add `dev.realtime:realtime-spring-boot-starter-webmvc` and Spring MVC.";

    private NodeWithoutClientsCheck() {}

    /** Logs what works, if this is such an application. */
    public static void check(ApplicationContext context, EngineType engine) {
        boolean servlet = isServletApplication(context);
        if (context instanceof ReactiveWebApplicationContext
                || servlet && hasServletEndpoint(context)
                || RealtimeServerProperties.hasPort(context.getEnvironment())) {
            return;
        }
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

    private static boolean hasServletEndpoint(ApplicationContext context) {
        ClassLoader classLoader = context.getClassLoader();
        return Arrays.stream(SERVLET_ENDPOINT).allMatch(type -> ClassUtils.isPresent(type, classLoader));
    }

    private static boolean isServletApplication(ApplicationContext context) {
        ClassLoader classLoader = context.getClassLoader();
        return ClassUtils.isPresent(SERVLET_CONTEXT, classLoader)
                && ClassUtils.resolveClassName(SERVLET_CONTEXT, classLoader).isInstance(context);
    }
}
