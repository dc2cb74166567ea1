package dev.realtime.json;

import java.util.Random;

/**
 * Random JSON texts as clients might write them: escapes, any Unicode, numbers of every form, white space between
 * tokens.
 */
public final class RandomJson {

    private static final String[] NUMBERS = {
        "0", "-0", "7", "1.50", "-12.0e+3", "1E400", "1e-9", "18446744073709551616", "-9223372036854775809", "0.1"
    };

    private static final String[] ESCAPES = {
        "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u00e9", "\\uD83D\\uDE00"
    };

    private static final String[] PLAIN = {"a", "Z", " ", "é", "я", "漢", "😀", "\u2028", "{", "]", ","};

    private final Random random;

    private final String space;

    /** @param space characters that may stand between tokens, empty for compact texts */
    public RandomJson(Random random, String space) {
        this.random = random;
        this.space = space;
    }

    public String value(int maxDepth) {
        return switch (random.nextInt(maxDepth > 0 ? 9 : 6)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2, 3 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 4, 5 -> string();
            case 6 -> items('[', ']', maxDepth, false);
            default -> items('{', '}', maxDepth, true);
        };
    }

    private String items(char open, char close, int maxDepth, boolean named) {
        StringBuilder text = new StringBuilder().append(open).append(space());
        int count = random.nextInt(4);
        for (int index = 0; index < count; index++) {
            text.append(index == 0 ? "" : ",").append(space());
            if (named) {
                text.append(string()).append(space()).append(':').append(space());
            }
            text.append(value(maxDepth - 1)).append(space());
        }
        return text.append(close).toString();
    }

    public String string() {
        StringBuilder text = new StringBuilder("\"");
        for (int count = random.nextInt(8); count > 0; count--) {
            String[] pieces = random.nextInt(3) == 0 ? ESCAPES : PLAIN;
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.append('"').toString();
    }

    private String space() {
        StringBuilder text = new StringBuilder();
        while (!space.isEmpty() && random.nextInt(3) == 0) {
            text.append(space.charAt(random.nextInt(space.length())));
        }
        return text.toString();
    }
}
