package dev.realtime.command;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientConnection;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.LimitedLog;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Request;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies to commands that failed, or that came over a limit. */
public final class ErrorReplies {

    private static final Logger logger = LoggerFactory.getLogger(ErrorReplies.class);

    private final Namespaces namespaces;

    private final NodeStatistics statistics;

    private final LimitedLog log;

    public ErrorReplies(Namespaces namespaces, NodeStatistics statistics, LimitedLog log) {
        this.namespaces = namespaces;
        this.statistics = statistics;
        this.log = log;
    }

    /** Replies with the error of a failure, or ends the connection if the failure says so. */
    void reply(ClientConnection connection, long id, String command, Throwable failure) {
        if (!closes(connection, failure)) {
            connection.fail(id, errorOf(connection, command, failure));
        }
    }

    /** Ends the connection if a failure says so, and returns whether it does. */
    static boolean closes(ClientConnection connection, @Nullable Throwable failure) {
        boolean closes = failure instanceof ClientRefusedException refused && refused.disconnect() != null;
        if (closes) {
            ClientRefusedException refused = (ClientRefusedException) failure;
            connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
        }
        return closes;
    }

    /** Returns the error that a failure carries, else the internal error after a line in the log. */
    ClientError errorOf(ClientConnection connection, String command, Throwable failure) {
        if (failure instanceof RealtimeException refused) {
            return refused.error();
        }
        if (failure instanceof ClientRefusedException refused && refused.error() != null) {
            logger.debug(
                    "Command {} of {} is rejected with {}: {}",
                    command,
                    connection,
                    refused.error(),
                    refused.getMessage());
            return refused.error();
        }
        if (failure instanceof ResultTooLongException) {
            log.warn(
                    logger,
                    "Command {} of {} is rejected with {}: {}",
                    command,
                    connection,
                    ClientError.LIMIT_EXCEEDED,
                    failure.getMessage());
            return ClientError.LIMIT_EXCEEDED;
        }
        report(
                logger,
                connection,
                failure,
                "Command {} of {} failed; the client may retry: {}",
                command,
                connection,
                failure.toString());
        return ClientError.INTERNAL;
    }

    /** Logs a failure of the application or the engine: an {@link Error} as a defect, all others as a warning. */
    void report(Logger logger, FailureOwner owner, @Nullable Throwable failure, String format, Object... arguments) {
        if (failure instanceof Error) {
            Boundary.caught(Place.QUESTION, owner, failure);
        } else {
            log.warn(logger, format, arguments);
        }
    }

    /** Refuses a command that is over a limit other than a rate. */
    void overLimit(ClientConnection connection, long id, ReachedLimit limit, String channel) {
        statistics.refused(limit, namespaceOf(channel));
        connection.fail(id, ClientError.LIMIT_EXCEEDED);
    }

    /** Refuses a command that came faster than allowed. A message has no reply, so its sender is disconnected. */
    void overRate(ClientConnection connection, long id, Request request, ReachedLimit limit) {
        statistics.refused(limit, namespaceOf(request.channel()));
        if (request instanceof Request.Send) {
            connection.close(Disconnect.TOO_MANY_REQUESTS, "messages came faster than allowed");
        } else {
            connection.fail(id, ClientError.TOO_MANY_REQUESTS);
        }
    }

    /** Returns the namespace of a channel, empty if it has none or an unknown one. */
    private String namespaceOf(String channel) {
        return channel.isEmpty()
                ? ""
                : namespaces.find(channel).map(Channel::namespace).orElse("");
    }
}
