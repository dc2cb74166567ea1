package dev.realtime.autoconfigure.web;

import dev.realtime.web.stream.StreamKind;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the HTTP streaming transport. Names and defaults are those of Centrifugo.
 *
 * @param enabled Whether the HTTP streaming endpoint is mapped, and with it the emulation endpoint.
 * @param path Path of the HTTP streaming endpoint.
 * @param maxRequestBodySize Size of the largest body of a request. Larger ones are refused with status 413.
 * @param readTimeout Time the body of a request may take to arrive. Slower ones are refused with status 408.
 * @param writeTimeout Time a client may take no byte while some are waiting, before the connection is cut. Zero for
 *     ever.
 */
@ConfigurationProperties("realtime.http-stream")
public record RealtimeHttpStreamProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/connection/http_stream") String path,
        @DefaultValue("64KB") DataSize maxRequestBodySize,
        @DefaultValue("10s") Duration readTimeout,
        @DefaultValue("1s") Duration writeTimeout)
        implements StreamProperties {

    @Override
    public StreamKind kind() {
        return StreamKind.HTTP_STREAM;
    }
}
