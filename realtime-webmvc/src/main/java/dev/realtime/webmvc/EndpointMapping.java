package dev.realtime.webmvc;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * Mapping of exact paths to endpoints of the server, for requests to the application only: nothing is mapped in the
 * context of a separate management port, which has not the security of the application.
 *
 * <p>As a resolver of exceptions it refuses requests to these paths whose multipart body is malformed. Spring MVC
 * parses such bodies before it looks for a handler, and would reply 500.
 */
public abstract class EndpointMapping extends SimpleUrlHandlerMapping implements HandlerExceptionResolver {

    private static final Logger logger = LoggerFactory.getLogger(EndpointMapping.class);

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

    @Override
    public final @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (handler != null || !(failure instanceof MultipartException) || !isMapped(request)) {
            return null;
        }
        logger.debug("A request for {} was refused: {}", request.getRequestURI(), failure.getMessage());
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        try {
            response.getWriter().println(HttpStatus.BAD_REQUEST.getReasonPhrase());
        } catch (IOException gone) {
            logger.debug("The caller is gone: {}", gone.getMessage());
        }
        return new ModelAndView();
    }

    private boolean isMapped(HttpServletRequest request) {
        try {
            return getHandlerInternal(request) != null;
        } catch (Exception noHandler) {
            return false;
        }
    }
}
