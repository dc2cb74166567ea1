package dev.realtime.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of the protocol's types from JSON. A value of another type breaks a rule; {@code null} stands for an
 * absent one, as in the reference server.
 */
public final class JsonInput {

    /** A tenth of 2^64 - 1, whose last digit is 5. */
    private static final long MAX_TENTH = 1_844_674_407_370_955_161L;

    private final JsonScanner scanner;

    private final int maxDepth;

    private final int maxNameBytes;

    private final int maxNumberLength;

    /** Holds the bytes of the current field's name: those of the frame, unless it was written with escapes. */
    private byte[] nameBytes;

    private int nameFrom;

    private int nameTo;

    /**
     * Creates an input that reads nothing until {@link #moveTo} is called.
     *
     * @param frame the bytes to read, not copied
     * @param maxDepth deepest nesting of a value that is skipped or copied
     * @param maxNameBytes longest name of a field, in bytes as it was sent
     * @param maxNumberLength longest number, in characters
     */
    public JsonInput(byte[] frame, int maxDepth, int maxNameBytes, int maxNumberLength) {
        this.scanner = new JsonScanner(frame, 0, 0);
        this.maxDepth = maxDepth;
        this.maxNameBytes = maxNameBytes;
        this.maxNumberLength = maxNumberLength;
        this.nameBytes = frame;
    }

    /** Reads on in another range of the frame. */
    public void moveTo(int from, int to) {
        scanner.moveTo(from, to);
    }

    /** How deep values may be nested. */
    public int maxDepth() {
        return maxDepth;
    }

    /** First byte of the next token, or {@link JsonScanner#END}. */
    public int peek() {
        return scanner.peek();
    }

    /** Passes the opening bracket at the current place. */
    public void open() {
        scanner.open();
    }

    /** Returns whether an object begins here, now open; {@code false} for {@code null}. */
    public boolean openObject(JsonField field) throws MalformedJsonException {
        return open('{', field, " must be a JSON object.");
    }

    /** Returns whether an array begins here, now open; {@code false} for {@code null}. */
    public boolean openArray(JsonField field) throws MalformedJsonException {
        return open('[', field, " must be a JSON array.");
    }

    private boolean open(char bracket, JsonField field, String rule) throws MalformedJsonException {
        if (skippedNull()) {
            return false;
        }
        expect(peek() == bracket, field, rule);
        scanner.open();
        return true;
    }

    /** Moves to the next element of the array it is in; {@code false} when it passed the end of it instead. */
    public boolean nextElement() throws MalformedJsonException {
        return scanner.nextElement();
    }

    /** Moves to the value of the next field; {@code false} at the end of the object. */
    public boolean nextField() throws MalformedJsonException {
        if (!scanner.nextField()) {
            return false;
        }
        int from = scanner.position() + 1;
        scanner.skipString();
        nameBytes = scanner.bytes();
        nameFrom = from;
        nameTo = scanner.position() - 1;
        if (nameTo - nameFrom > maxNameBytes) {
            throw new MalformedJsonException("The name of a field must not be longer than the limit.");
        }
        if (scanner.sawEscapes()) {
            nameBytes = JsonText.decode(nameBytes, nameFrom, nameTo, true).getBytes(StandardCharsets.UTF_8);
            nameFrom = 0;
            nameTo = nameBytes.length;
        }
        scanner.skipColon();
        return true;
    }

    /** Returns whether the current field has this name. */
    public boolean nameIs(JsonField field) {
        byte[] name = field.name;
        return nameTo - nameFrom == name.length && Arrays.equals(nameBytes, nameFrom, nameTo, name, 0, name.length);
    }

    /** Moves to the value of the next entry of a map and gives its key; {@code null} at the end of the map. */
    @Nullable
    public String nextKey() throws MalformedJsonException {
        if (!scanner.nextField()) {
            return null;
        }
        String key = text();
        scanner.skipColon();
        return key;
    }

    /** Skips a value that is not needed. */
    public void skipValue() throws MalformedJsonException {
        scanner.skipValue(maxDepth);
    }

    /** Text; empty for {@code null}. */
    public String string(JsonField field) throws MalformedJsonException {
        if (skippedNull()) {
            return "";
        }
        expect(peek() == '"', field, " must be a JSON string.");
        return text();
    }

    private String text() throws MalformedJsonException {
        int from = scanner.position() + 1;
        scanner.skipString();
        return JsonText.decode(scanner.bytes(), from, scanner.position() - 1, scanner.sawEscapes());
    }

    /** Truth; {@code false} for {@code null}. */
    public boolean bool(JsonField field) throws MalformedJsonException {
        if (skippedNull()) {
            return false;
        }
        int next = peek();
        expect(next == 't' || next == 'f', field, " must be true or false.");
        return scanner.skipBoolean();
    }

    /** Returns a copy of the value at the current place, {@code null} included, byte for byte, after checking it. */
    public byte[] value() throws MalformedJsonException {
        scanner.peek();
        scanner.forgetLineBreaks();
        int from = scanner.position();
        scanner.skipValue(maxDepth);
        return Arrays.copyOfRange(scanner.bytes(), from, scanner.position());
    }

    /** Returns whether the value that {@link #value()} returned last has raw line breaks between its tokens. */
    public boolean valueHasLineBreaks() {
        return scanner.sawLineBreaks();
    }

    /** 0 for {@code null}, as all numbers. */
    public long uint32(JsonField field) throws MalformedJsonException {
        String rule = " must be an integer from 0 to 4294967295.";
        long value = integer(field, false, rule);
        expect(value >= 0 && value <= 0xffff_ffffL, field, rule);
        return value;
    }

    /** As an unsigned {@code long}. */
    public long uint64(JsonField field) throws MalformedJsonException {
        return integer(field, false, " must be an integer from 0 to 18446744073709551615.");
    }

    /** Signed, of 32 bits. */
    public int int32(JsonField field) throws MalformedJsonException {
        String rule = " must be an integer from -2147483648 to 2147483647.";
        long value = integer(field, true, rule);
        expect(value == (int) value, field, rule);
        return (int) value;
    }

    /** Signed, of 64 bits. */
    public long int64(JsonField field) throws MalformedJsonException {
        return integer(field, true, " must be an integer from -9223372036854775808 to 9223372036854775807.");
    }

    private long integer(JsonField field, boolean signed, String rule) throws MalformedJsonException {
        if (skippedNull()) {
            return 0;
        }
        int first = peek();
        boolean negative = first == '-';
        expect((first >= '0' && first <= '9') || (negative && signed), field, rule);
        int from = scanner.position();
        scanner.skipNumber();
        int to = scanner.position();
        if (to - from > maxNumberLength) {
            throw new MalformedJsonException("A number must not be longer than the limit.");
        }
        byte[] bytes = scanner.bytes();
        long value = 0;
        for (int index = negative ? from + 1 : from; index < to; index++) {
            int digit = bytes[index] - '0';
            expect(digit >= 0 && digit <= 9, field, rule);
            expect(fits(value, digit), field, rule);
            value = value * 10 + digit;
        }
        if (!signed) {
            return value;
        }
        expect(value >= 0 || (negative && value == Long.MIN_VALUE), field, rule);
        return negative ? -value : value;
    }

    /** Returns whether ten times the value and the digit are still below 2^64. */
    private static boolean fits(long value, int digit) {
        return value >= 0 && (value < MAX_TENTH || (value == MAX_TENTH && digit <= 5));
    }

    private boolean skippedNull() throws MalformedJsonException {
        if (peek() != 'n') {
            return false;
        }
        scanner.skipNull();
        return true;
    }

    private static void expect(boolean kept, JsonField field, String rule) throws MalformedJsonException {
        if (!kept) {
            throw new MalformedJsonException("`" + field.text() + "`" + rule);
        }
    }
}
