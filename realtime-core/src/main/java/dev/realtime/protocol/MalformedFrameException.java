package dev.realtime.protocol;

import dev.realtime.api.client.Disconnect;

/**
 * A frame broke a rule of the protocol or of {@link ProtocolLimits}. Carries no stack trace: hostile input must stay
 * cheap.
 */
public final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Disconnect disconnect;

    /** @param brokenRule the rule that was broken, in one sentence, without text of the client */
    public MalformedFrameException(String brokenRule) {
        this(brokenRule, Disconnect.BAD_REQUEST);
    }

    public MalformedFrameException(String brokenRule, Disconnect disconnect) {
        super(brokenRule, null, false, false);
        this.disconnect = disconnect;
    }

    /** How the connection ends. */
    public Disconnect disconnect() {
        return disconnect;
    }
}
