package dev.realtime.api.data;

import dev.realtime.json.JsonSyntax;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes an application sends through the server, with what was found out about them where they entered.
 *
 * <p>The bytes are never parsed and written again: big integers, key order and escapes arrive as they were sent.
 * Whether they are JSON is checked once, where the payload is created or when it is first asked for, and the result is
 * kept with them: it decides if JSON clients can receive them, and if raw line breaks have to be taken out first, since
 * one line is one message there.
 *
 * <p>Immutable if callers do not write into the array that they pass or receive: it is not copied.
 */
public final class Payload {

    /** Deepest nesting of JSON accepted in a payload; deeper counts as not JSON. */
    public static final int MAX_JSON_DEPTH = 64;

    private enum Form {
        JSON,
        JSON_WITH_LINE_BREAKS,
        BINARY
    }

    private static final Payload EMPTY = new Payload(new byte[0], Form.BINARY);

    private final byte[] bytes;

    /** {@code null} before it is asked for. Threads that ask at the same time find the same. */
    private @Nullable Form form;

    private Payload(byte[] bytes, @Nullable Form form) {
        this.bytes = bytes;
        this.form = form;
    }

    /**
     * Payload of these bytes, which are checked now. The array must not be changed afterwards.
     *
     * @param bytes content, not copied
     * @return the payload
     */
    public static Payload of(byte[] bytes) {
        if (bytes.length == 0) {
            return EMPTY;
        }
        return new Payload(bytes, formOf(JsonSyntax.check(bytes, 0, bytes.length, MAX_JSON_DEPTH)));
    }

    /**
     * Payload of these bytes, which are checked when it is first asked whether they are JSON. For data that often
     * reaches only those that do not ask. The array must not be changed afterwards.
     *
     * @param bytes content, not copied
     * @return the payload
     */
    public static Payload ofUnchecked(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes, null);
    }

    /**
     * Payload of JSON text; text that is not JSON is carried as bytes that only Protobuf clients can receive.
     *
     * @param text content
     * @return the payload
     */
    public static Payload ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Payload of bytes already known to be one JSON value, not checked again.
     *
     * @param bytes one complete JSON value in UTF-8; must not be changed afterwards
     * @param lineBreaks whether a raw CR or LF is between its tokens
     * @return the payload
     */
    public static Payload ofCheckedJson(byte[] bytes, boolean lineBreaks) {
        return new Payload(bytes, lineBreaks ? Form.JSON_WITH_LINE_BREAKS : Form.JSON);
    }

    /**
     * Payload of no bytes, which is not JSON.
     *
     * @return the empty payload
     */
    public static Payload empty() {
        return EMPTY;
    }

    private Form form() {
        Form known = form;
        if (known == null) {
            known = formOf(JsonSyntax.check(bytes, 0, bytes.length, MAX_JSON_DEPTH));
            form = known;
        }
        return known;
    }

    private static Form formOf(JsonSyntax.Verdict verdict) {
        return switch (verdict) {
            case JSON -> Form.JSON;
            case JSON_WITH_LINE_BREAKS -> Form.JSON_WITH_LINE_BREAKS;
            case NOT_JSON -> Form.BINARY;
        };
    }

    /**
     * The bytes themselves, not a copy.
     *
     * @return the bytes; not a copy
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Number of bytes.
     *
     * @return the number of bytes
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Returns whether there are no bytes at all. The JSON texts {@code null} and {@code ""} are not empty.
     *
     * @return whether there are no bytes
     */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /**
     * Returns whether the bytes are one JSON value, so that JSON clients can receive them.
     *
     * @return whether the bytes are JSON
     */
    public boolean isJson() {
        return form() != Form.BINARY;
    }

    /**
     * Returns whether raw line breaks are between the tokens and must be left out for JSON clients.
     *
     * @return whether raw line breaks must be removed
     */
    public boolean hasLineBreaks() {
        return form() == Form.JSON_WITH_LINE_BREAKS;
    }

    /**
     * The bytes read as UTF-8.
     *
     * @return the bytes as UTF-8
     */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Names the size only: payloads are never logged. */
    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
