package dev.realtime.json;

import java.nio.charset.StandardCharsets;

/** Text of JSON strings that a scanner has already found to be well-formed. */
final class JsonText {

    private JsonText() {}

    /**
     * The text between the quotation marks.
     *
     * @param escapes whether a backslash is among the bytes
     */
    static String decode(byte[] bytes, int from, int to, boolean escapes) {
        if (from == to) {
            return "";
        }
        return escapes ? unescape(bytes, from, to) : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static String unescape(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            int plain = at;
            while (at < to && bytes[at] != '\\') {
                at++;
            }
            if (at > plain) {
                text.append(new String(bytes, plain, at - plain, StandardCharsets.UTF_8));
            }
            if (at < to) {
                text.append(escaped(bytes, at));
                at += bytes[at + 1] == 'u' ? 6 : 2;
            }
        }
        replaceLoneSurrogates(text);
        return text.toString();
    }

    private static char escaped(byte[] bytes, int backslash) {
        byte letter = bytes[backslash + 1];
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int unit = 0;
                for (int index = backslash + 2; index < backslash + 6; index++) {
                    unit = unit << 4 | Character.digit(bytes[index], 16);
                }
                yield (char) unit;
            }
            default -> (char) letter;
        };
    }

    /**
     * Half a surrogate pair, possible only as an escape, has no UTF-8: it becomes U+FFFD, as in the reference server.
     */
    private static void replaceLoneSurrogates(StringBuilder text) {
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) {
                if (Character.isSupplementaryCodePoint(text.codePointAt(index))) {
                    index++;
                } else {
                    text.setCharAt(index, '\ufffd');
                }
            }
        }
    }
}
