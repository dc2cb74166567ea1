package dev.realtime.protocol;

import dev.realtime.api.client.ClientError;

/** Reply to the command of the same id. */
public sealed interface Reply {

    /** Id of the command that this is the reply to. */
    long id();

    /** The command was done. */
    record Success(long id, Result result) implements Reply {}

    /** The command was refused. */
    record Failure(long id, ClientError error) implements Reply {}
}
