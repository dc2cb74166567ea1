package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.failure.ConfigurationProblemException;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/** Number of the port, checked against the ports that the application has. */
final class ServerPort {

    private static final int MAX = 65_535;

    private static final String ANOTHER =
            "Set `%s` to a port of its own, 0 for any free one, or remove it.".formatted(RealtimeServerProperties.PORT);

    private ServerPort() {}

    /**
     * Returns the number of the port, zero for any.
     *
     * @throws ConfigurationProblemException if there is no such port, or the application uses it
     */
    static int number(RealtimeServerProperties properties, ApplicationContext context) {
        int port = number(String.valueOf(properties.port()).strip());
        if (port > 0 && WebServers.isWebApplication(context)) {
            Environment environment = context.getEnvironment();
            refuseSame(port, "server.port", environment.getProperty("server.port", "8080"));
            refuseSame(port, "management.server.port", environment.getProperty("management.server.port", ""));
        }
        return port;
    }

    private static int number(String text) {
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > MAX) {
            throw new ConfigurationProblemException(
                    RealtimeServerProperties.PORT,
                    "`%s` is `%s`, but a port is a number from 0 to %d."
                            .formatted(RealtimeServerProperties.PORT, text, MAX),
                    ANOTHER);
        }
        return port;
    }

    private static void refuseSame(int port, String property, String other) {
        if (other.strip().equals(String.valueOf(port))) {
            throw new ConfigurationProblemException(
                    RealtimeServerProperties.PORT,
                    "`%s` is `%d`, as `%s` is, but only one server can have a port."
                            .formatted(RealtimeServerProperties.PORT, port, property),
                    ANOTHER);
        }
    }
}
