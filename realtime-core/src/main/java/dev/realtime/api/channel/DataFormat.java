package dev.realtime.api.channel;

import dev.realtime.api.data.Payload;

/** Format that the data of publications in a channel must have. */
public enum DataFormat {
    /** Anything but no bytes at all. */
    ANY,
    /** JSON. */
    JSON,
    /** A JSON object. */
    JSON_OBJECT,
    /** Any bytes, also none. */
    BINARY;

    /**
     * Checks data against this format.
     *
     * @param data data to check
     * @return whether the data has the format
     */
    public boolean admits(Payload data) {
        return switch (this) {
            case ANY -> !data.isEmpty();
            case JSON -> data.isJson();
            case JSON_OBJECT -> data.isJson() && firstToken(data.bytes()) == '{';
            case BINARY -> true;
        };
    }

    /** The first byte of JSON text that is not white space. */
    private static byte firstToken(byte[] json) {
        int i = 0;
        while (json[i] == ' ' || json[i] == '\t' || json[i] == '\r' || json[i] == '\n') {
            i++;
        }
        return json[i];
    }
}
