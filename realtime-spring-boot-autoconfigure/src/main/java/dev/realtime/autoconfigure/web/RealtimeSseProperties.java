package dev.realtime.autoconfigure.web;

import dev.realtime.web.stream.StreamKind;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the transport of server-sent events. Names and defaults are those of Centrifugo.
 *
 * @param enabled Whether the endpoint of server-sent events is mapped, and with it the emulation endpoint.
 * @param path Path of the endpoint of server-sent events.
 * @param maxRequestBodySize Size of the largest body of a request. Larger ones are refused with status 413.
 * @param readTimeout Time the body of a request may take to arrive. Slower ones are refused with status 408.
 * @param writeTimeout Time a client may take no byte while some are waiting, before the connection is cut. Zero for
 *     ever.
 */
@ConfigurationProperties("realtime.sse")
public record RealtimeSseProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/connection/sse") String path,
        @DefaultValue("64KB") DataSize maxRequestBodySize,
        @DefaultValue("10s") Duration readTimeout,
        @DefaultValue("1s") Duration writeTimeout)
        implements StreamProperties {

    @Override
    public StreamKind kind() {
        return StreamKind.SSE;
    }
}
