package dev.realtime.webmvc.stream;

import dev.realtime.webmvc.EndpointMapping;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.servlet.HandlerExecutionChain;

/** Mapping of the path of one endpoint of this room, and nothing else. The endpoint replies to preflight requests. */
public final class RealtimeStreamMapping extends EndpointMapping {

    private final String path;

    /**
     * @param path exact path of the endpoint, below the context path
     * @param order among the handler mappings of the application
     */
    public RealtimeStreamMapping(String path, int order, HttpRequestHandler endpoint) {
        super(Map.of(path, endpoint), order);
        this.path = path;
    }

    /** Returns the path, for instance to exempt it from a rule of Spring Security. */
    public String path() {
        return path;
    }

    /** Leaves the rules of CORS to the endpoint. */
    @Override
    protected HandlerExecutionChain getCorsHandlerExecutionChain(
            HttpServletRequest request, HandlerExecutionChain chain, @Nullable CorsConfiguration config) {
        return chain;
    }
}
