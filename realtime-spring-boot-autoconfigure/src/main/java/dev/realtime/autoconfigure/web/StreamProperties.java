package dev.realtime.autoconfigure.web;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.RealtimeNode;
import dev.realtime.web.stream.BodyLimits;
import dev.realtime.web.stream.ConnectCodeResponses;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamOptions;
import dev.realtime.web.stream.StreamRules;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Settings that all transports that are streams have. */
public sealed interface StreamProperties
        permits RealtimeHttpStreamProperties,
                RealtimeSseProperties,
                RealtimeUniHttpStreamProperties,
                RealtimeUniSseProperties {

    /** Returns the transport. */
    StreamKind kind();

    /** Returns whether the endpoint is mapped. */
    boolean enabled();

    /** Returns the path as configured. */
    String path();

    /** Returns the size of the largest body. */
    DataSize maxRequestBodySize();

    /** Returns the time that a body may take to arrive. */
    Duration readTimeout();

    /** Returns the time that a client may take no byte. */
    Duration writeTimeout();

    /** Returns the statuses for refused connects. */
    default ConnectCodeToHttpResponse connectCodeToHttpResponse() {
        return ConnectCodeToHttpResponse.NONE;
    }

    /**
     * Returns the path of the endpoint.
     *
     * @throws ConfigurationProblemException if it is refused
     */
    default String checkedPath() {
        return EndpointPath.check(prefix() + "path", path());
    }

    /**
     * Returns the settings of the transport.
     *
     * @throws ConfigurationProblemException if a value is refused
     */
    default StreamOptions options() {
        ConnectCodeResponses responses =
                connectCodeToHttpResponse().responses(prefix() + "connect-code-to-http-response");
        return new StreamOptions(
                limits(prefix(), maxRequestBodySize(), readTimeout()),
                PropertyRules.notNegative(prefix() + "write-timeout", writeTimeout()),
                responses);
    }

    /**
     * Returns the rules for requests to the endpoint.
     *
     * @param node accepts the clients
     * @throws ConfigurationProblemException if a value is refused
     */
    default StreamRules rules(RealtimeNode node) {
        return new StreamRules(
                kind(),
                options(),
                node.protocolLimits(),
                channel -> node.namespaces().find(channel).isPresent(),
                node::admits);
    }

    private String prefix() {
        return kind().properties() + '.';
    }

    /** @throws ConfigurationProblemException if a value is refused */
    static BodyLimits limits(String prefix, DataSize maxRequestBodySize, Duration readTimeout) {
        return new BodyLimits(
                PropertyRules.positiveBytes(
                        prefix + "max-request-body-size", maxRequestBodySize, "so no request would fit"),
                PropertyRules.positive(prefix + "read-timeout", readTimeout, "so no request could arrive in time"));
    }
}
