package dev.realtime.autoconfigure.web;

import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Log line with the whole address at which clients connect and the web stack that serves them, written when the web
 * server of the application has its port.
 */
public final class ClientAddress implements ApplicationListener<WebServerInitializedEvent> {

    private static final Logger logger = LoggerFactory.getLogger(ClientAddress.class);

    private static final Pattern SUFFIX = Pattern.compile("WebServer$");

    private final String stack;

    private final String path;

    private final List<String> origins;

    private final Environment environment;

    /**
     * @param stack name of the web stack
     * @param path of the endpoint, after all that the application puts in front of it
     * @param origins that are allowed; empty for the same host
     */
    public ClientAddress(String stack, String path, List<String> origins, Environment environment) {
        this.stack = stack;
        this.path = path;
        this.origins = origins;
        this.environment = environment;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        // A separate management port has an event too, with a namespace.
        if (event.getApplicationContext().getServerNamespace() == null) {
            logger.info(
                    "Clients connect at {} on {} ({}), from pages of {}",
                    address(event.getWebServer().getPort()),
                    stack,
                    SUFFIX.matcher(event.getWebServer().getClass().getSimpleName())
                            .replaceFirst(""),
                    origins.isEmpty() ? "the same host (realtime.client.allowed-origins is not set)" : origins);
        }
    }

    private String address(int port) {
        boolean secure = environment.getProperty("server.ssl.enabled", Boolean.class, true)
                && (environment.containsProperty("server.ssl.bundle")
                        || environment.containsProperty("server.ssl.key-store")
                        || environment.containsProperty("server.ssl.certificate"));
        return "%s://%s:%d%s"
                .formatted(secure ? "wss" : "ws", environment.getProperty("server.address", "localhost"), port, path);
    }
}
