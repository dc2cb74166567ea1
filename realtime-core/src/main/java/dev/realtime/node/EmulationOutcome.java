package dev.realtime.node;

/** Outcome of a frame that a client posted. */
public enum EmulationOutcome {
    /** It was handed to its session, or there is no such session. */
    ACCEPTED,
    /** No such node is known to live. */
    UNKNOWN_NODE,
    /** So much of the session waits that the frame was dropped. */
    TOO_MANY_WAITING;

    static EmulationOutcome of(boolean accepted) {
        return accepted ? ACCEPTED : TOO_MANY_WAITING;
    }
}
