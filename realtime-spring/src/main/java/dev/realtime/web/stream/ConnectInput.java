package dev.realtime.web.stream;

import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Direction;
import dev.realtime.spi.transport.WireForm;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Commands, or the connect request, that a request for a stream brings along: in the query parameter
 * {@link #PARAMETER} of a GET, in the body of a POST.
 *
 * <p>Malformed commands of a bidirectional client are a matter of the protocol: the stream begins and ends with a
 * disconnect push. A malformed connect request of a unidirectional client is refused with a status.
 */
public final class ConnectInput {

    /** Name of the query parameter. */
    public static final String PARAMETER = "cf_connect";

    private static final byte[] EMPTY_REQUEST = {'{', '}'};

    private ConnectInput() {}

    /**
     * Returns the input of a GET.
     *
     * @param parameter decoded value of the parameter; {@code null} if the query has none
     * @throws StreamRefusedException if the stream cannot begin with it
     */
    public static byte[] ofQuery(StreamKind kind, WireForm form, @Nullable String parameter, ProtocolLimits limits)
            throws StreamRefusedException {
        if (parameter == null || parameter.isEmpty()) {
            if (kind.isUnidirectional()) {
                return EMPTY_REQUEST.clone();
            }
            throw StreamRefusedException.malformed("The query must have the parameter " + PARAMETER);
        }
        return checked(form, parameter.getBytes(StandardCharsets.UTF_8), limits);
    }

    /**
     * Returns the input of a POST.
     *
     * @throws StreamRefusedException if the stream cannot begin with it
     */
    public static byte[] ofBody(StreamKind kind, WireForm form, byte[] body, ProtocolLimits limits)
            throws StreamRefusedException {
        if (kind.isUnidirectional() && body.length == 0) {
            throw StreamRefusedException.malformed("The body must be a connect request");
        }
        return checked(form, body, limits);
    }

    private static byte[] checked(WireForm form, byte[] input, ProtocolLimits limits) throws StreamRefusedException {
        if (form.direction() == Direction.UNIDIRECTIONAL) {
            try {
                form.body().read(input, limits).next();
            } catch (MalformedFrameException malformed) {
                throw StreamRefusedException.malformed("The connect request is malformed: " + malformed.getMessage());
            }
        }
        return input;
    }
}
