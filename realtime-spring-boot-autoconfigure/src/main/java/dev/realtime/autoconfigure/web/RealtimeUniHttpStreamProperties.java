package dev.realtime.autoconfigure.web;

import dev.realtime.web.stream.StreamKind;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the unidirectional HTTP streaming transport. Names and defaults are those of Centrifugo.
 *
 * @param enabled Whether the unidirectional HTTP streaming endpoint is mapped.
 * @param path Path of the unidirectional HTTP streaming endpoint.
 * @param maxRequestBodySize Size of the largest body of a request. Larger ones are refused with status 413.
 * @param readTimeout Time the body of a request may take to arrive. Slower ones are refused with status 408.
 * @param writeTimeout Time a client may take no byte while some are waiting, before the connection is cut. Zero for
 *     ever.
 * @param connectCodeToHttpResponse HTTP statuses for connects that are refused, instead of a disconnect push.
 */
@ConfigurationProperties("realtime.uni-http-stream")
public record RealtimeUniHttpStreamProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/connection/uni_http_stream") String path,
        @DefaultValue("64KB") DataSize maxRequestBodySize,
        @DefaultValue("10s") Duration readTimeout,
        @DefaultValue("1s") Duration writeTimeout,
        @DefaultValue @NestedConfigurationProperty ConnectCodeToHttpResponse connectCodeToHttpResponse)
        implements StreamProperties {

    @Override
    public StreamKind kind() {
        return StreamKind.UNI_HTTP_STREAM;
    }
}
