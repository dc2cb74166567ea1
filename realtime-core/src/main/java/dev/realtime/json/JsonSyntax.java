package dev.realtime.json;

/** Strict check of JSON text (RFC 8259) in UTF-8, without building anything. */
public final class JsonSyntax {

    /** Result of a check. */
    public enum Verdict {
        /** One JSON value without raw line breaks. */
        JSON,
        /** One JSON value with a raw CR or LF between tokens. */
        JSON_WITH_LINE_BREAKS,
        /** Anything else: broken, empty, followed by more, bad UTF-8, or nested too deeply. */
        NOT_JSON
    }

    private JsonSyntax() {}

    /**
     * Checks that the range holds exactly one JSON value, white space around it allowed.
     *
     * @param maxDepth most objects and arrays in each other; 0 allows none
     */
    public static Verdict check(byte[] bytes, int offset, int length, int maxDepth) {
        JsonScanner scanner = new JsonScanner(bytes, offset, offset + length);
        try {
            scanner.skipValue(maxDepth);
        } catch (MalformedJsonException notJson) {
            return Verdict.NOT_JSON;
        }
        if (scanner.peek() != JsonScanner.END) {
            return Verdict.NOT_JSON;
        }
        return scanner.sawLineBreaks() ? Verdict.JSON_WITH_LINE_BREAKS : Verdict.JSON;
    }
}
