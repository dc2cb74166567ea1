package dev.realtime.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * A node among others in an application without a reactive web server: clients cannot connect to it, but what it publishes
 * reaches those of the other nodes.
 */
final class PublishingNode {

    private static final Logger logger = LoggerFactory.getLogger(PublishingNode.class);

    private static final String SERVLET_CONTEXT = "org.springframework.web.context.WebApplicationContext";

    private PublishingNode() {}

    /** Says so, if that is what this application is; as a warning where a web server suggests something else. */
    static void announce(ApplicationContext context) {
        if (context instanceof ReactiveWebApplicationContext) {
            return;
        }
        if (isServletApplication(context)) {
            logger.warn(
                    "This is a servlet application, so clients cannot connect to this node; what it publishes reaches those"
                            + " of other nodes. For clients of its own use spring-boot-starter-webflux, or set"
                            + " `spring.main.web-application-type=reactive`.");
        } else {
            logger.info(
                    "This application has no web server, so this node only publishes, to the clients of other nodes.");
        }
    }

    private static boolean isServletApplication(ApplicationContext context) {
        ClassLoader classLoader = context.getClassLoader();
        return ClassUtils.isPresent(SERVLET_CONTEXT, classLoader)
                && ClassUtils.resolveClassName(SERVLET_CONTEXT, classLoader).isInstance(context);
    }
}
