package dev.realtime.web.stream;

import java.time.Duration;

/**
 * Settings of a transport that is a stream.
 *
 * @param body limits of the body of a request
 * @param writeTimeout time a socket may accept no byte while some are waiting, after which the connection is cut. Zero
 *     for no limit. Under WebFlux on other servers than Reactor Netty, their own send timeouts apply
 * @param responses statuses for connects that are refused before the stream begins; for unidirectional streams only
 */
public record StreamOptions(BodyLimits body, Duration writeTimeout, ConnectCodeResponses responses) {

    /** Default limits of bodies, write timeout 1 s, refused connects as pushes. */
    public static final StreamOptions DEFAULTS =
            new StreamOptions(BodyLimits.DEFAULTS, Duration.ofSeconds(1), ConnectCodeResponses.NONE);

    /** Returns the same settings with other limits of the body of a request. */
    public StreamOptions withBody(BodyLimits body) {
        return new StreamOptions(body, writeTimeout, responses);
    }

    /** Returns the same settings with another write timeout. */
    public StreamOptions withWriteTimeout(Duration writeTimeout) {
        return new StreamOptions(body, writeTimeout, responses);
    }

    /** Returns the same settings with other statuses for refused connects. */
    public StreamOptions withResponses(ConnectCodeResponses responses) {
        return new StreamOptions(body, writeTimeout, responses);
    }
}
