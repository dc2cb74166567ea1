package dev.realtime.webflux.api;

import dev.realtime.httpapi.ApiKey;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.webflux.EndpointMapping;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.server.WebHandler;

/**
 * Maps the paths of the API, one for each method and nothing beside them: {@code /api/publish} and the others, but
 * neither {@code /api} nor a pattern below it.
 */
public final class RealtimeHttpApiMapping extends EndpointMapping {

    /** What the paths begin with if nothing else is configured. */
    public static final String DEFAULT_PREFIX = "/api";

    private final List<String> paths;

    /**
     * @param prefix what the paths begin with; empty for none
     * @param order among the handler mappings of the application
     * @param key what a request has to bring
     * @param api what the requests are mapped to
     */
    public RealtimeHttpApiMapping(String prefix, int order, ApiKey key, HttpApi api) {
        this(endpoints(prefix, key, api), order);
    }

    private RealtimeHttpApiMapping(Map<String, WebHandler> endpoints, int order) {
        super(endpoints, order);
        this.paths = List.copyOf(endpoints.keySet());
    }

    private static Map<String, WebHandler> endpoints(String prefix, ApiKey key, HttpApi api) {
        Map<String, WebHandler> endpoints = new TreeMap<>();
        HttpApi.methods().forEach(method -> endpoints.put(prefix + '/' + method, new ApiEndpoint(method, key, api)));
        return endpoints;
    }

    /** All paths, for instance to exempt them from a rule of Spring Security: the key guards them. */
    public List<String> paths() {
        return paths;
    }
}
