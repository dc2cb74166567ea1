package dev.realtime.test.engine;

/** Kinds of calls of a node to its engine. */
public enum EngineCall {
    /** Publishing, by the application and by clients. */
    PUBLISH,
    /** Join and leave. */
    JOIN_LEAVE,
    /** Beginning to receive what is published in a channel. */
    SUBSCRIBE,
    /** Reading and removing history, recovery and position checks. */
    HISTORY,
    /** Entering, leaving and reading presence. */
    PRESENCE,
    /** Commands and questions to other nodes, such as disconnecting a user. */
    CONTROL
}
