package dev.realtime.web;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translation of globs of {@link OriginRule} to regular expressions. */
final class OriginGlob {

    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*]");

    private final String glob;

    private final StringBuilder regex = new StringBuilder();

    private int at;

    private int depth;

    private OriginGlob(String glob) {
        this.glob = glob.toLowerCase(Locale.ROOT);
    }

    static Pattern compile(String glob) {
        return new OriginGlob(glob).translate();
    }

    private Pattern translate() {
        while (at < glob.length()) {
            char c = glob.charAt(at++);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[' -> {
                    if (!address()) {
                        set();
                    }
                }
                case '{' -> {
                    depth++;
                    regex.append("(?:");
                }
                case '}' -> {
                    if (--depth < 0) {
                        throw malformed("it closes a group that was not opened");
                    }
                    regex.append(')');
                }
                case ',' -> regex.append(depth > 0 ? "|" : ",");
                case '\\' -> literal(next("it ends with a backslash"));
                default -> literal(c);
            }
        }
        if (depth > 0) {
            throw malformed("a group is not closed");
        }
        return Pattern.compile(regex.toString().replace(".*.*", ".*"), Pattern.DOTALL);
    }

    /**
     * Reads an IPv6 address in brackets after the scheme, which is not a set of characters: a set would not repeat the
     * colon.
     */
    private boolean address() {
        Matcher address = ADDRESS.matcher(glob).region(at, glob.length());
        if (!glob.startsWith("://", at - 4) || !address.lookingAt()) {
            return false;
        }
        regex.append(Pattern.quote("[" + address.group()));
        at = address.end();
        return true;
    }

    private void set() {
        regex.append('[');
        if (at < glob.length() && glob.charAt(at) == '!') {
            at++;
            regex.append('^');
        }
        int start = at;
        for (char c = next("a set is not closed"); c != ']' || at == start + 1; c = next("a set is not closed")) {
            if (c == '-' && at > start + 1 && at < glob.length() && glob.charAt(at) != ']') {
                regex.append('-');
            } else {
                literal(c == '\\' ? next("a set is not closed") : c);
            }
        }
        regex.append(']');
    }

    private char next(String otherwise) {
        if (at == glob.length()) {
            throw malformed(otherwise);
        }
        return glob.charAt(at++);
    }

    private void literal(char c) {
        if (!Character.isLetterOrDigit(c)) {
            regex.append('\\');
        }
        regex.append(c);
    }

    private IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException("The allowed origin \"" + glob + "\" is not a glob: " + why);
    }
}
