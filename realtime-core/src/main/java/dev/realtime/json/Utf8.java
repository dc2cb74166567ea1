package dev.realtime.json;

/** Strict reading of UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {

    private Utf8() {}

    /** Returns whether the range is valid UTF-8. */
    public static boolean isValid(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int length = sequenceLength(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /**
     * Length of the sequence of two to four bytes that starts at {@code at}; 0 if there is no valid one before
     * {@code end}.
     */
    static int sequenceLength(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || end - at < length) {
            return 0;
        }
        // Only the second byte is narrowed by the first: overlong after E0 and F0, surrogates after ED, too large after
        // F4.
        int second = bytes[at + 1] & 0xff;
        int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int index = at + 2; index < at + length; index++) {
            if ((bytes[index] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
