package dev.realtime.node;

import dev.realtime.api.RealtimeException;
import dev.realtime.protocol.ClientError;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Glob over whole channel names: {@code *} stands for any text, {@code ?} for one character, {@code [a-z]} and {@code [!a-z]}
 * for one of a class, a backslash takes the next character as it is.
 */
final class ChannelPattern {

    /** Longest pattern, in characters. */
    private static final int MAX_LENGTH = 255;

    private ChannelPattern() {}

    /**
     * @param pattern empty matches every name
     * @throws RealtimeException with error 107 if it is no glob
     */
    static Predicate<String> compile(String pattern) {
        if (pattern.isEmpty()) {
            return name -> true;
        }
        if (pattern.length() > MAX_LENGTH) {
            throw refused("it is longer than " + MAX_LENGTH + " characters");
        }
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i++);
            switch (c) {
                // Possessive where the rest allows it would change the meaning; runs of stars are one star.
                case '*' -> {
                    if (!regex.toString().endsWith(".*")) {
                        regex.append(".*");
                    }
                }
                case '?' -> regex.append('.');
                case '\\' -> {
                    if (i == pattern.length()) {
                        throw refused("it ends with a backslash");
                    }
                    regex.append(Pattern.quote(String.valueOf(pattern.charAt(i++))));
                }
                case '[' -> i = characterClass(pattern, i, regex);
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }

    private static int characterClass(String pattern, int from, StringBuilder regex) {
        int end = pattern.indexOf(']', from + 1);
        if (end < 0) {
            throw refused("a [ is never closed");
        }
        String members = pattern.substring(from, end);
        boolean negated = members.startsWith("!") || members.startsWith("^");
        regex.append(negated ? "[^" : "[");
        for (char member : members.substring(negated ? 1 : 0).toCharArray()) {
            regex.append(member == '-' ? "-" : Pattern.quote(String.valueOf(member)));
        }
        regex.append(']');
        return end + 1;
    }

    private static RealtimeException refused(String why) {
        return new RealtimeException(
                ClientError.BAD_REQUEST, "The channel pattern is no glob: " + why + ". Correct it, or leave it empty.");
    }
}
