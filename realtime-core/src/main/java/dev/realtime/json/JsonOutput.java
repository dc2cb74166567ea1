package dev.realtime.json;

import java.nio.charset.StandardCharsets;

/** Writes JSON of the protocol: objects of named fields, most of which are left out when they hold nothing. */
public final class JsonOutput {

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] HEXADECIMAL = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonOutput() {}

    /** Begins an object. */
    public static void open(WireWriter out) {
        out.write((byte) '{');
    }

    /** Ends an object. */
    public static void close(WireWriter out) {
        out.write((byte) '}');
    }

    /** The name of a field, after a comma if one is due. */
    public static void name(WireWriter out, JsonField field) {
        comma(out);
        out.write(field.prefix);
    }

    /** The key of an entry of a map, after a comma if one is due. */
    public static void key(WireWriter out, String key) {
        comma(out);
        string(out, key);
        out.write((byte) ':');
    }

    /** A comma is due unless a bracket was just opened; no complete value ends in one. */
    public static void comma(WireWriter out) {
        byte last = out.array()[out.size() - 1];
        if (last != '{' && last != '[') {
            out.write((byte) ',');
        }
    }

    /** A field holding an object, now open. */
    public static void openObject(WireWriter out, JsonField field) {
        name(out, field);
        open(out);
    }

    /** A field holding an array, now open. */
    public static void openArray(WireWriter out, JsonField field) {
        name(out, field);
        out.write((byte) '[');
    }

    /** Ends an array. */
    public static void closeArray(WireWriter out) {
        out.write((byte) ']');
    }

    /** A field, left out when false. */
    public static void bool(WireWriter out, JsonField field, boolean value) {
        if (value) {
            name(out, field);
            out.write(TRUE);
        }
    }

    /** A field, left out when 0. */
    public static void number(WireWriter out, JsonField field, long unsigned) {
        if (unsigned != 0) {
            name(out, field);
            number(out, unsigned);
        }
    }

    /** A number alone. */
    public static void number(WireWriter out, long unsigned) {
        if (unsigned < 0) {
            out.writeUtf8(Long.toUnsignedString(unsigned));
            return;
        }
        if (unsigned > 9) {
            number(out, unsigned / 10);
        }
        out.write((byte) ('0' + unsigned % 10));
    }

    /** A field, left out when empty. */
    public static void string(WireWriter out, JsonField field, String value) {
        if (!value.isEmpty()) {
            name(out, field);
            string(out, value);
        }
    }

    /** A string that escapes only what RFC 8259 demands. */
    public static void string(WireWriter out, String value) {
        out.write((byte) '"');
        int plain = 0;
        for (int index = 0; index < value.length(); index++) {
            char next = value.charAt(index);
            if (next < ' ' || next == '"' || next == '\\') {
                out.writeUtf8(value, plain, index);
                escape(out, next);
                plain = index + 1;
            }
        }
        out.writeUtf8(value, plain, value.length());
        out.write((byte) '"');
    }

    /**
     * The same of text in UTF-8.
     *
     * @param utf8 valid UTF-8
     */
    public static void string(WireWriter out, byte[] utf8) {
        out.ensure(utf8.length + 2);
        out.write((byte) '"');
        int plain = 0;
        for (int index = 0; index < utf8.length; index++) {
            byte next = utf8[index];
            if (next == '"' || next == '\\' || (next < ' ' && next >= 0)) {
                out.write(utf8, plain, index - plain);
                escape(out, (char) next);
                plain = index + 1;
            }
        }
        out.write(utf8, plain, utf8.length - plain);
        out.write((byte) '"');
    }

    private static void escape(WireWriter out, char character) {
        out.write((byte) '\\');
        switch (character) {
            case '\b' -> out.write((byte) 'b');
            case '\f' -> out.write((byte) 'f');
            case '\n' -> out.write((byte) 'n');
            case '\r' -> out.write((byte) 'r');
            case '\t' -> out.write((byte) 't');
            case '"', '\\' -> out.write((byte) character);
            default -> {
                out.write((byte) 'u');
                out.write((byte) '0');
                out.write((byte) '0');
                out.write(HEXADECIMAL[character >> 4]);
                out.write(HEXADECIMAL[character & 0xf]);
            }
        }
    }

    /**
     * Writes a JSON value without its raw line breaks, which are only between tokens, so the text means the same.
     *
     * @param json one JSON value
     */
    public static void withoutLineBreaks(WireWriter out, byte[] json) {
        int from = 0;
        for (int index = 0; index < json.length; index++) {
            if (json[index] == '\n' || json[index] == '\r') {
                out.write(json, from, index - from);
                from = index + 1;
            }
        }
        out.write(json, from, json.length - from);
    }
}
