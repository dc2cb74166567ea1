package dev.realtime.connection;

import dev.realtime.protocol.Request;
import dev.realtime.statistics.ReachedLimit;

/** Way of a connection to the classes that handle its commands. Called on the executor of the connection. */
public interface CommandDispatcher {

    /**
     * Handles one command.
     *
     * @param id the number that the reply carries; 0 if the client expects none
     */
    void handle(ClientConnection connection, long id, Request request);

    /** Refuses a command that came faster than allowed. */
    void overRate(ClientConnection connection, long id, Request request, ReachedLimit limit);

    /** Has the application extend the identity of a client that expired, or closes the connection. */
    void renew(ClientConnection connection);

    /** Has the application extend a subscription that expired, or ends it. */
    void renew(ClientConnection connection, ChannelSubscription subscription);
}
