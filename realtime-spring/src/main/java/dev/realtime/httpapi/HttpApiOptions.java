package dev.realtime.httpapi;

import java.time.Duration;

/**
 * Options of the server API, {@code realtime.http-api.*}. Centrifugo has no such limits.
 *
 * @param errorMode form of errors, unless the request selects the other one
 * @param maxBodyBytes maximum size of a request in bytes; larger ones are refused with status 413
 * @param maxBatchSize maximum of commands in a batch; larger ones are refused with status 413
 * @param maxBroadcastChannels maximum of channels in a broadcast; larger ones fail with error 107
 * @param readTimeout maximum time to receive a request; slower ones are refused with status 408
 */
public record HttpApiOptions(
        ErrorMode errorMode, int maxBodyBytes, int maxBatchSize, int maxBroadcastChannels, Duration readTimeout) {

    /** Form of the error of a command. */
    public enum ErrorMode {
        /** Field of the reply, with status 200. */
        REPLY,
        /** HTTP status. */
        TRANSPORT
    }

    /** Default options: errors in replies, 1 MiB, 1000 commands, 1000 channels, 10 s. */
    public static final HttpApiOptions DEFAULTS =
            new HttpApiOptions(ErrorMode.REPLY, 1024 * 1024, 1000, 1000, Duration.ofSeconds(10));
}
