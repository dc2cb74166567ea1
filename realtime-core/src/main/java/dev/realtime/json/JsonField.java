package dev.realtime.json;

import java.nio.charset.StandardCharsets;

/** Name of a field of JSON objects, in the bytes it is read and written as. */
public final class JsonField {

    /** The name as on the wire. */
    private final String text;

    /** The name in UTF-8. */
    final byte[] name;

    /** The name in quotation marks, and the colon. */
    final byte[] prefix;

    private JsonField(String text) {
        this.text = text;
        this.name = text.getBytes(StandardCharsets.US_ASCII);
        this.prefix = ('"' + text + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Returns a field of this name.
     *
     * @param name of ASCII letters, digits and underscores
     */
    public static JsonField of(String name) {
        return new JsonField(name);
    }

    /** Returns the name as on the wire. */
    public String text() {
        return text;
    }
}
