package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CLIENT;
import static dev.realtime.httpapi.field.ApiField.SESSION;
import static dev.realtime.httpapi.field.ApiField.USER;

import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;

/** Collector of the fields that select the connections for a command. */
final class Recipients {

    private String user = "";

    private String client = "";

    private String session = "";

    /** Reads the current field, and skips an unknown one. */
    void read(JsonInput json) throws MalformedJsonException {
        if (json.nameIs(USER)) {
            user = json.string(USER);
        } else if (json.nameIs(CLIENT)) {
            client = json.string(CLIENT);
        } else if (json.nameIs(SESSION)) {
            session = json.string(SESSION);
        } else {
            json.skipValue();
        }
    }

    /** Returns the user id, empty for all anonymous connections. */
    String user() {
        return user;
    }

    /** @throws RealtimeException with error 108 if the command names a session, which connections do not have here */
    ConnectionFilter connections() {
        if (!session.isEmpty()) {
            throw new RealtimeException(
                    ClientError.NOT_AVAILABLE,
                    "The command names a session, but connections have none here. Name the client instead, or neither"
                            + " for all connections of the user.");
        }
        return ConnectionFilter.client(client);
    }
}
