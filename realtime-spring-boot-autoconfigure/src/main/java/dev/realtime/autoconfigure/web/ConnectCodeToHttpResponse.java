package dev.realtime.autoconfigure.web;

import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.web.stream.ConnectCodeResponses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * HTTP statuses for unidirectional clients whose connect is refused, by code.
 *
 * @param enabled Whether a refused connect becomes an HTTP status. The response then begins only when the connect
 *     request is decided.
 * @param transforms Codes of errors and disconnects with the statuses that replace them. Other codes remain a
 *     disconnect push.
 */
public record ConnectCodeToHttpResponse(
        @DefaultValue("false") boolean enabled,
        @DefaultValue List<Transform> transforms) {

    static final ConnectCodeToHttpResponse NONE = new ConnectCodeToHttpResponse(false, List.of());

    /**
     * One code.
     *
     * @param code Code of the error of the connect, including those of the application, or of the disconnect.
     * @param to Response that replaces it.
     */
    public record Transform(int code, @DefaultValue Response to) {}

    /**
     * Response to a refused connect.
     *
     * @param statusCode HTTP status.
     */
    public record Response(@DefaultValue("403") int statusCode) {}

    /** @throws ConfigurationProblemException if a status is none of an error */
    ConnectCodeResponses responses(String property) {
        Map<Integer, Integer> statuses = new HashMap<>();
        for (int i = 0; i < transforms.size(); i++) {
            Transform transform = transforms.get(i);
            int status = transform.to().statusCode();
            if (status < 400 || status > 599) {
                String name = "%s.transforms[%d].to.status-code".formatted(property, i);
                throw new ConfigurationProblemException(
                        name,
                        "`%s` is `%d`, but only statuses of errors can refuse a client.".formatted(name, status),
                        "Set it to a status from 400 to 599.");
            }
            statuses.put(transform.code(), status);
        }
        return new ConnectCodeResponses(enabled, statuses);
    }
}
