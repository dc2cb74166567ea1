package dev.realtime.httpapi;

import java.time.Duration;

/**
 * Settings of the server API: the options {@code realtime.http-api.*}. The reference server has none of the bounds.
 *
 * @param errorMode how errors are returned, unless the request asks for the other way
 * @param maxBodyBytes most bytes of a request; one more gives 413
 * @param maxBatchSize most commands of a batch; one more gives 413
 * @param maxBroadcastChannels most channels of a broadcast; one more gives error 107
 * @param readTimeout how long a request may take to arrive; then the reply is 408
 */
public record HttpApiOptions(
        ErrorMode errorMode, int maxBodyBytes, int maxBatchSize, int maxBroadcastChannels, Duration readTimeout) {

    /** Form in which the error of a call is returned. */
    public enum ErrorMode {
        /** In the JSON of the reply, with status 200. */
        REPLY,
        /** As an HTTP status. */
        TRANSPORT
    }

    /** Errors in replies, 1 MiB, 1000 commands, 1000 channels, 10 s. */
    public static final HttpApiOptions DEFAULTS =
            new HttpApiOptions(ErrorMode.REPLY, 1024 * 1024, 1000, 1000, Duration.ofSeconds(10));
}
