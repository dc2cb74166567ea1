package dev.realtime.autoconfigure.webflux;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the web server that the realtime server is part of.
 *
 * @param eventLoops Event loops of the web server: those the application has, or one per processor where Reactor Netty
 *     makes more. The latter is faster with fewer than four processors, and holds for all requests of the application.
 *     The connections to Redis use the same loops then.
 */
@ConfigurationProperties("realtime.server")
public record RealtimeServerProperties(
        @DefaultValue("application") EventLoops eventLoops) {

    /** Origin of the event loops of the web server. */
    enum EventLoops {
        APPLICATION,
        PER_PROCESSOR
    }
}
