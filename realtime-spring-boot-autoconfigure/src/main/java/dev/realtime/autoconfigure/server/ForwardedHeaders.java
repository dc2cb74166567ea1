package dev.realtime.autoconfigure.server;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

/** Trust in the headers of a proxy, as {@code server.forward-headers-strategy} chooses it for the application. */
final class ForwardedHeaders {

    private static final String STRATEGY = "server.forward-headers-strategy";

    private ForwardedHeaders() {}

    /** Returns what applies the headers, or {@code null} if they are not trusted. */
    static @Nullable ForwardedHeaderTransformer transformer(Environment environment) {
        String strategy = environment.getProperty(STRATEGY);
        if (!StringUtils.hasText(strategy)) {
            CloudPlatform platform = CloudPlatform.getActive(environment);
            return platform != null && platform.isUsingForwardHeaders() ? new ForwardedHeaderTransformer() : null;
        }
        return strategy.strip().equalsIgnoreCase("none") ? null : new ForwardedHeaderTransformer();
    }
}
