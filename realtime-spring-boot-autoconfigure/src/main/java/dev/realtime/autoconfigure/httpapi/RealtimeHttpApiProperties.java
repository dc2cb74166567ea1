package dev.realtime.autoconfigure.httpapi;

import dev.realtime.httpapi.HttpApiOptions.ErrorMode;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the server HTTP API. Without a key it is not mapped.
 *
 * @param key Secret that opens the API, of visible ASCII characters. At least 24 of them are recommended.
 * @param insecure Whether the API is open to anyone. For local work only.
 * @param allowQueryKey Whether the key may be in the query parameter 'api_key'. Queries are written to access logs.
 * @param prefix What the paths of the API begin with.
 * @param errorMode How errors are answered: in the reply, or as an HTTP status.
 * @param maxBodySize Size of the largest request.
 * @param maxBatchSize Number of commands in the largest batch.
 * @param maxBroadcastChannels Number of channels in the largest broadcast.
 * @param readTimeout Time a request may take to arrive.
 */
@ConfigurationProperties("realtime.http-api")
public record RealtimeHttpApiProperties(
        @DefaultValue("") String key,
        @DefaultValue("false") boolean insecure,
        @DefaultValue("false") boolean allowQueryKey,
        @DefaultValue("/api") String prefix,
        @DefaultValue("reply") ErrorMode errorMode,
        @DefaultValue("1MB") DataSize maxBodySize,
        @DefaultValue("1000") int maxBatchSize,
        @DefaultValue("1000") int maxBroadcastChannels,
        @DefaultValue("10s") Duration readTimeout) {

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "RealtimeHttpApiProperties[prefix=%s, insecure=%s, errorMode=%s]".formatted(prefix, insecure, errorMode);
    }
}
