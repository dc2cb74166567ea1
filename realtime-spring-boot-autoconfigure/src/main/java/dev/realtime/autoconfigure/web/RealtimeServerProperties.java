package dev.realtime.autoconfigure.web;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Properties of the web server that the realtime server is part of, and of a port of its own.
 *
 * @param eventLoops Event loops of the web server: those the application has, or one per processor where Reactor Netty
 *     makes more. The latter is faster with fewer than four processors, and holds for all requests of the application.
 *     The connections to Redis use the same loops then.
 * @param transport Network transport of Reactor Netty, for the web server and for 'realtime.server.port'. With auto
 *     Reactor Netty chooses: io_uring if its library is on the class path and the kernel permits it, else epoll on
 *     Linux. Any other that is not available stops the start.
 * @param port Number of a port at which Reactor Netty serves clients, beside the web server of the application. Zero
 *     for any free port. There is none if not set. Filters and security of the application's web server do not apply
 *     there.
 * @param address Network address that 'realtime.server.port' is bound to. All if not set.
 * @param ssl Encryption of 'realtime.server.port'.
 */
@ConfigurationProperties("realtime.server")
public record RealtimeServerProperties(
        @DefaultValue("application") EventLoops eventLoops,
        @DefaultValue("auto") Transport transport,
        @Nullable String port,
        @Nullable InetAddress address,
        @DefaultValue Ssl ssl) {

    public static final String PORT = "realtime.server.port";

    public static final String TRANSPORT = "realtime.server.transport";

    /** Value that Kubernetes gives to {@code REALTIME_SERVER_PORT} if there is a service named realtime-server. */
    private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Origin of the event loops of the web server. */
    public enum EventLoops {
        APPLICATION,
        PER_PROCESSOR
    }

    /** Network transport of Reactor Netty. */
    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    /**
     * Encryption of the port.
     *
     * @param bundle SSL bundle with the certificate of 'realtime.server.port'. Unencrypted if not set.
     */
    public record Ssl(@Nullable String bundle) {}

    /** Returns whether clients have a port of their own. */
    public static boolean hasPort(Environment environment) {
        String port = environment.getProperty(PORT);
        return StringUtils.hasText(port) && !SERVICE_LINK.matcher(port.strip()).matches();
    }
}
