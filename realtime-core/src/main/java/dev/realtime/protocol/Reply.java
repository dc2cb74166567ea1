package dev.realtime.protocol;

/** Answer to the command of the same id. */
public sealed interface Reply {

    /** Id of the command this answers. */
    long id();

    /** The command was done. */
    record Success(long id, Result result) implements Reply {}

    /** The command was refused. */
    record Failure(long id, ClientError error) implements Reply {}
}
