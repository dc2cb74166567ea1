package dev.realtime.webmvc;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * Mapping of exact paths to endpoints of the server, for requests to the application only: nothing is mapped in the
 * context of a separate management port, which has not the security of the application.
 */
public abstract class EndpointMapping extends SimpleUrlHandlerMapping {

    /** Before annotated controllers (0), router functions (-1) and static resources of the application. */
    public static final int DEFAULT_ORDER = -2;

    /**
     * @param endpoints by exact path
     * @param order among the handler mappings of the application
     */
    protected EndpointMapping(Map<String, ? extends HttpRequestHandler> endpoints, int order) {
        super(endpoints, order);
    }

    /** Returns nothing for requests that another application context handles. */
    @Override
    protected final @Nullable Object getHandlerInternal(HttpServletRequest request) throws Exception {
        Object answering = request.getAttribute(DispatcherServlet.WEB_APPLICATION_CONTEXT_ATTRIBUTE);
        return answering instanceof WebApplicationContext context && context != getApplicationContext()
                ? null
                : super.getHandlerInternal(request);
    }
}
