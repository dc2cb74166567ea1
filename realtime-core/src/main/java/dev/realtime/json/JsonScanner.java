package dev.realtime.json;

import java.nio.charset.StandardCharsets;

/**
 * Cursor over JSON text (RFC 8259) in UTF-8 that checks whatever it passes, once, and builds nothing. Its owner walks
 * through the objects it knows and skips the values it does not; a broken rule is an exception naming it. Not for use
 * by several threads.
 */
public final class JsonScanner {

    /** What {@link #peek()} gives after the last token. */
    public static final int END = -1;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;

    private int position;

    private int end;

    /** Whether the last bracket passed was an opening one, so that no comma is due. */
    private boolean opened;

    private boolean lineBreaks;

    private boolean escapes;

    /** Cursor at the first byte of a range. */
    public JsonScanner(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        moveTo(from, to);
    }

    /** Starts again with another range of the same array. */
    public void moveTo(int from, int to) {
        position = from;
        end = to;
        opened = false;
        lineBreaks = false;
    }

    /** The array read from. */
    public byte[] bytes() {
        return bytes;
    }

    /** Index of the byte after what was passed. */
    public int position() {
        return position;
    }

    /** Returns whether a raw CR or LF was passed since the last {@link #forgetLineBreaks()}. */
    public boolean sawLineBreaks() {
        return lineBreaks;
    }

    /** Starts to look for line breaks here. */
    public void forgetLineBreaks() {
        lineBreaks = false;
    }

    /** Returns whether the last string passed held escapes. */
    public boolean sawEscapes() {
        return escapes;
    }

    /** First byte of the next token, 0 to 255, or {@link #END}; which is the current place afterwards. */
    public int peek() {
        while (position < end) {
            byte next = bytes[position];
            if (next == '\r' || next == '\n') {
                lineBreaks = true;
            } else if (next != ' ' && next != '\t') {
                return next & 0xff;
            }
            position++;
        }
        return END;
    }

    /** Passes the opening bracket at the current place. */
    public void open() {
        position++;
        opened = true;
    }

    /** Moves to the next element of the array it is in; {@code false} when it passed the closing bracket instead. */
    public boolean nextElement() throws MalformedJsonException {
        return nextItem(']');
    }

    /**
     * Moves to the name of the next field of the object it is in; {@code false} when it passed the closing brace
     * instead. Names are strings: {@link #skipString()} and {@link #skipColon()} follow.
     */
    public boolean nextField() throws MalformedJsonException {
        if (!nextItem('}')) {
            return false;
        }
        if (peek() != '"') {
            throw new MalformedJsonException("A field of a JSON object must begin with its name in quotation marks.");
        }
        return true;
    }

    private boolean nextItem(int closing) throws MalformedJsonException {
        int next = peek();
        if (next == closing) {
            position++;
            opened = false;
            return false;
        }
        if (opened) {
            opened = false;
        } else if (next == ',') {
            position++;
        } else {
            throw new MalformedJsonException("A comma must separate two items of a JSON object or array.");
        }
        return true;
    }

    /** Passes the colon after the name of a field. */
    public void skipColon() throws MalformedJsonException {
        if (peek() != ':') {
            throw new MalformedJsonException("A colon must follow the name of a JSON field.");
        }
        position++;
    }

    /** Passes one value of any kind, with at most this many objects and arrays in each other. */
    public void skipValue(int maxDepth) throws MalformedJsonException {
        switch (peek()) {
            case '"' -> skipString();
            case '{' -> {
                descend(maxDepth);
                while (nextField()) {
                    skipString();
                    skipColon();
                    skipValue(maxDepth - 1);
                }
            }
            case '[' -> {
                descend(maxDepth);
                while (nextElement()) {
                    skipValue(maxDepth - 1);
                }
            }
            case 't' -> skipLiteral(TRUE);
            case 'f' -> skipLiteral(FALSE);
            case 'n' -> skipNull();
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber();
            case END -> throw new MalformedJsonException("JSON must not end before a value.");
            default ->
                throw new MalformedJsonException(
                        "A JSON value must be an object, an array, a string, a number, true, false or null.");
        }
    }

    private void descend(int maxDepth) throws MalformedJsonException {
        if (maxDepth <= 0) {
            throw new MalformedJsonException("JSON must not be nested deeper than the limit.");
        }
        open();
    }

    /** Passes {@code true} or {@code false}, one of which begins here, and returns which. */
    public boolean skipBoolean() throws MalformedJsonException {
        boolean value = bytes[position] == 't';
        skipLiteral(value ? TRUE : FALSE);
        return value;
    }

    /** Passes the {@code null} that begins here. */
    public void skipNull() throws MalformedJsonException {
        skipLiteral(NULL);
    }

    private void skipLiteral(byte[] literal) throws MalformedJsonException {
        for (byte expected : literal) {
            if (position == end || bytes[position] != expected) {
                throw new MalformedJsonException("A JSON literal must be true, false or null.");
            }
            position++;
        }
    }

    /** Passes the number that begins here. */
    public void skipNumber() throws MalformedJsonException {
        if (bytes[position] == '-') {
            position++;
        }
        if (position < end && bytes[position] == '0') {
            position++;
        } else {
            skipDigits();
        }
        if (position < end && bytes[position] == '.') {
            position++;
            skipDigits();
        }
        if (position < end && (bytes[position] | 0x20) == 'e') {
            position++;
            if (position < end && (bytes[position] == '+' || bytes[position] == '-')) {
                position++;
            }
            skipDigits();
        }
    }

    private void skipDigits() throws MalformedJsonException {
        int first = position;
        while (position < end && bytes[position] >= '0' && bytes[position] <= '9') {
            position++;
        }
        if (position == first) {
            throw new MalformedJsonException("A JSON number must have digits as RFC 8259 requires.");
        }
    }

    /** Passes the string that begins here, quotation marks included. */
    public void skipString() throws MalformedJsonException {
        escapes = false;
        int at = position + 1;
        while (at < end) {
            byte next = bytes[at];
            if (next == '"') {
                position = at + 1;
                return;
            }
            if (next == '\\') {
                escapes = true;
                at = afterEscape(at);
            } else if (next >= ' ') {
                at++;
            } else if (next >= 0) {
                throw new MalformedJsonException("A JSON string must not hold raw control characters.");
            } else {
                int length = Utf8.sequenceLength(bytes, at, end);
                if (length == 0) {
                    throw new MalformedJsonException("JSON must be valid UTF-8.");
                }
                at += length;
            }
        }
        throw new MalformedJsonException("A JSON string must end with a quotation mark.");
    }

    private int afterEscape(int backslash) throws MalformedJsonException {
        int at = backslash + 1;
        int escaped = at < end ? bytes[at] : END;
        switch (escaped) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return at + 1;
            }
            case 'u' -> {
                int after = at + 5;
                boolean hexadecimal = after <= end;
                for (int index = at + 1; hexadecimal && index < after; index++) {
                    hexadecimal = Character.digit(bytes[index], 16) >= 0;
                }
                if (hexadecimal) {
                    return after;
                }
            }
            default -> {}
        }
        throw new MalformedJsonException("A backslash in a JSON string must begin an escape of RFC 8259.");
    }
}
