package dev.realtime.autoconfigure.server;

import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/** Types of applications by their context. */
final class WebServers {

    private static final String SERVLET_CONTEXT = "org.springframework.web.context.WebApplicationContext";

    private WebServers() {}

    static boolean isWebApplication(ApplicationContext context) {
        return context instanceof ReactiveWebApplicationContext || isServletApplication(context);
    }

    /** Returns whether this is a web application without its server, as in a test with a mock of it. */
    static boolean isMock(ApplicationContext context) {
        return isWebApplication(context) && !(context instanceof WebServerApplicationContext);
    }

    private static boolean isServletApplication(ApplicationContext context) {
        ClassLoader classLoader = context.getClassLoader();
        return ClassUtils.isPresent(SERVLET_CONTEXT, classLoader)
                && ClassUtils.resolveClassName(SERVLET_CONTEXT, classLoader).isInstance(context);
    }
}
