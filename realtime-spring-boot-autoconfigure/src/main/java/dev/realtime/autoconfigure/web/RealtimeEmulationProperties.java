package dev.realtime.autoconfigure.web;

import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.stream.EmulationRules;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the endpoint to which clients of HTTP streaming and server-sent events post their commands. It is mapped
 * with either of these transports. Names and defaults are those of Centrifugo.
 *
 * @param path Path of the emulation endpoint.
 * @param maxRequestBodySize Size of the largest body of a request. Larger ones are refused with status 413.
 * @param readTimeout Time the body of a request may take to arrive. Slower ones are refused with status 408.
 */
@ConfigurationProperties("realtime.emulation")
public record RealtimeEmulationProperties(
        @DefaultValue("/emulation") String path,
        @DefaultValue("64KB") DataSize maxRequestBodySize,
        @DefaultValue("10s") Duration readTimeout) {

    private static final String PREFIX = "realtime.emulation.";

    /**
     * Returns the path of the endpoint.
     *
     * @throws ConfigurationProblemException if it is refused
     */
    public String checkedPath() {
        return EndpointPath.check(PREFIX + "path", path);
    }

    /**
     * Returns the rules for requests to the endpoint.
     *
     * @param node passes the commands on
     * @throws ConfigurationProblemException if a value is refused
     */
    public EmulationRules rules(RealtimeNode node) {
        return new EmulationRules(StreamProperties.limits(PREFIX, maxRequestBodySize, readTimeout), node::emulate);
    }
}
