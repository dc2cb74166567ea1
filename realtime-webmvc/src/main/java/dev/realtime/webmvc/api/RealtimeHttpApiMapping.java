package dev.realtime.webmvc.api;

import dev.realtime.httpapi.ApiKey;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.webmvc.EndpointMapping;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.HttpRequestHandler;

/**
 * Mapping of the paths of the API, one for each method: {@code /api/publish} and the others, but neither {@code /api}
 * nor a pattern below it.
 */
public final class RealtimeHttpApiMapping extends EndpointMapping {

    /** Default prefix of the paths. */
    public static final String DEFAULT_PREFIX = "/api";

    private final List<String> paths;

    /**
     * @param prefix prefix of the paths; empty for none
     * @param order among the handler mappings of the application
     * @param key key that a request must have
     * @param api API that serves the requests
     */
    public RealtimeHttpApiMapping(String prefix, int order, ApiKey key, HttpApi api) {
        this(endpoints(prefix, key, api), order);
    }

    private RealtimeHttpApiMapping(Map<String, HttpRequestHandler> endpoints, int order) {
        super(endpoints, order);
        this.paths = List.copyOf(endpoints.keySet());
    }

    private static Map<String, HttpRequestHandler> endpoints(String prefix, ApiKey key, HttpApi api) {
        Map<String, HttpRequestHandler> endpoints = new TreeMap<>();
        HttpApi.methods().forEach(method -> endpoints.put(prefix + '/' + method, new ApiEndpoint(method, key, api)));
        return endpoints;
    }

    /** Returns all paths, for instance to exempt them from a rule of Spring Security, because the key protects them. */
    public List<String> paths() {
        return paths;
    }
}
