package dev.realtime.httpapi.field;

import static dev.realtime.httpapi.field.ApiField.CHANNEL;

import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;

/** Requests that name a channel and nothing else. */
public final class ChannelField {

    private ChannelField() {}

    /** The channel, empty if there is none. */
    public static String read(JsonInput json) throws MalformedJsonException {
        String channel = "";
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else {
                json.skipValue();
            }
        }
        return channel;
    }
}
