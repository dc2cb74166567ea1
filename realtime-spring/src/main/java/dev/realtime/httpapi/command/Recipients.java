package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.CLIENT;
import static dev.realtime.httpapi.field.ApiField.SESSION;
import static dev.realtime.httpapi.field.ApiField.USER;

import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;

/** The fields that say which connections a command is about, collected while its object is read. */
final class Recipients {

    private String user = "";

    private String client = "";

    private String session = "";

    /** Reads the current field, whichever it is; an unknown one is passed. */
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

    /** Empty for all anonymous connections. */
    String user() {
        return user;
    }

    /** @throws RealtimeException with error 108 if a session is named: no connection here has one */
    ConnectionFilter connections() {
        if (!session.isEmpty()) {
            throw new RealtimeException(
                    ClientError.NOT_AVAILABLE,
                    "The call names a session, but connections have none here, so it would reach no client. Name"
                            + " the client"
                            + " instead, or neither for all connections of the user.");
        }
        return ConnectionFilter.client(client);
    }
}
