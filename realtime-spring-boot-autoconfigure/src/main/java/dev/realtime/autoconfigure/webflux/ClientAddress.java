package dev.realtime.autoconfigure.webflux;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Log line with the whole address at which clients connect, written when the web server of the application has its
 * port.
 */
final class ClientAddress implements ApplicationListener<WebServerInitializedEvent> {

    private static final Logger logger = LoggerFactory.getLogger(ClientAddress.class);

    private final String path;

    private final List<String> origins;

    private final Environment environment;

    ClientAddress(String path, List<String> origins, Environment environment) {
        this.path = path;
        this.origins = origins;
        this.environment = environment;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        // A separate management port has an event too, with a namespace.
        if (event.getApplicationContext().getServerNamespace() == null) {
            logger.info(
                    "Clients connect at {}, from pages of {}",
                    address(event.getWebServer().getPort()),
                    origins.isEmpty() ? "the same host (realtime.client.allowed-origins is not set)" : origins);
        }
    }

    private String address(int port) {
        boolean secure = environment.getProperty("server.ssl.enabled", Boolean.class, true)
                && (environment.containsProperty("server.ssl.bundle")
                        || environment.containsProperty("server.ssl.key-store")
                        || environment.containsProperty("server.ssl.certificate"));
        return "%s://%s:%d%s%s"
                .formatted(
                        secure ? "wss" : "ws",
                        environment.getProperty("server.address", "localhost"),
                        port,
                        environment.getProperty("spring.webflux.base-path", ""),
                        path);
    }
}
