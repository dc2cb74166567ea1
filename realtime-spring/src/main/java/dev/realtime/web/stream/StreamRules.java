package dev.realtime.web.stream;

import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.WireForm;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rules for requests that open streams of one kind, on every server. After the origin of the page, the method, the
 * input and the node decide in this order whether a stream begins.
 */
public final class StreamRules {

    private static final String OPTIONS = "OPTIONS";

    private final StreamKind kind;

    private final StreamOptions options;

    private final ProtocolLimits limits;

    private final Predicate<String> channels;

    private final BooleanSupplier admission;

    /**
     * @param channels whether a channel of this name can exist
     * @param admission whether the node accepts another client now, usually {@code RealtimeNode::admits}; status 503 if
     *     not
     */
    public StreamRules(
            StreamKind kind,
            StreamOptions options,
            ProtocolLimits limits,
            Predicate<String> channels,
            BooleanSupplier admission) {
        this.kind = kind;
        this.options = options;
        this.limits = limits;
        this.channels = channels;
        this.admission = admission;
    }

    /** Returns the kind of streams. */
    public StreamKind kind() {
        return kind;
    }

    /** Returns the settings of the transport. */
    public StreamOptions options() {
        return options;
    }

    /** Returns whether a request asks for the permission of pages only, and has no other reply than that. */
    public boolean isPreflight(String method) {
        return kind.hasPreflight() && OPTIONS.equals(method);
    }

    /** @throws StreamRefusedException if requests of this method do not open a stream */
    public void checkMethod(String method) throws StreamRefusedException {
        if (!kind.methods().contains(method)) {
            String methods = String.join(", ", kind.methods());
            throw StreamRefusedException.method(kind.hasPreflight() ? methods + ", " + OPTIONS : methods);
        }
    }

    /**
     * Returns the commands or the connect request of a GET.
     *
     * @param parameter decoded value of {@link ConnectInput#PARAMETER}; {@code null} if the query has none
     * @param lastEventId value of the header {@link EventIds#HEADER}; {@code null} if there is none
     * @throws StreamRefusedException if the stream cannot begin with it
     */
    public byte[] inputOfQuery(WireForm form, @Nullable String parameter, @Nullable String lastEventId)
            throws StreamRefusedException {
        return resumed(ConnectInput.ofQuery(kind, form, parameter, limits), lastEventId);
    }

    /**
     * Returns the commands or the connect request of a POST.
     *
     * @param lastEventId value of the header {@link EventIds#HEADER}; {@code null} if there is none
     * @throws StreamRefusedException if the stream cannot begin with it
     */
    public byte[] inputOfBody(WireForm form, byte[] body, @Nullable String lastEventId) throws StreamRefusedException {
        return resumed(ConnectInput.ofBody(kind, form, body, limits), lastEventId);
    }

    private byte[] resumed(byte[] input, @Nullable String lastEventId) {
        return kind == StreamKind.UNI_SSE ? EventIds.resume(input, lastEventId, channels, limits) : input;
    }

    /** @throws StreamRefusedException if the node accepts no client now */
    public void checkAdmission() throws StreamRefusedException {
        if (!admission.getAsBoolean()) {
            throw StreamRefusedException.noAdmission();
        }
    }
}
